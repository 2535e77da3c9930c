using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Clusters;

namespace Wayleave.Operator.Caching;

/// <summary>Index functions that find the declarations that a changed object may affect.</summary>
internal static class Indexers
{
    /// <summary>Declarations by the server they are about, policies by their subject.</summary>
    public const string Server = "server";

    /// <summary>ClientIntents and ObservedIntents by their client, as <c>namespace/name</c>.</summary>
    public const string Client = "client";

    /// <summary>ClientIntents by the namespaces of their servers, and by their own; Services and ObservedIntents by their own.</summary>
    public const string Namespace = "namespace";

    /// <summary>ClientIntents by the domains of their internet targets.</summary>
    public const string Domain = "domain";

    /// <summary>
    /// Declarations by the namespace in which an earlier generation of them stays in force, because the present one is invalid.
    /// </summary>
    public const string Retained = "retained";

    /// <summary>Declarations by the namespaces in which they name Pods by their labels; Services by a label that they select by.</summary>
    public const string Selector = "selector";

    /// <summary>Our policies by <see cref="WayleaveLabels.Ingress"/> and <see cref="WayleaveLabels.Egress"/>.</summary>
    public const string Direction = "direction";

    /// <summary>The policies of other installations by their subject, and all of them under <see cref="Any"/>.</summary>
    public const string OtherInstallation = "another";

    /// <summary>The index value of all policies of other installations.</summary>
    public const string Any = "*";

    public static IReadOnlyDictionary<string, Func<ClientIntents, IEnumerable<string>>> ForIntents { get; } =
        new Dictionary<string, Func<ClientIntents, IEnumerable<string>>>(StringComparer.Ordinal)
        {
            [Server] = static intents => intents.Parse().Servers.Select(server => server.ToString()),
            [Client] = static intents => [GetClientKey(intents.Metadata.NamespaceProperty, intents.Spec.Workload.Name)],
            [Namespace] = static intents => NamespacesOf(intents),
            [Domain] = static intents => intents.Parse().Domains,
            [Retained] = static intents => intents.Parse().IsRetained ? [intents.Metadata.NamespaceProperty ?? ""] : [],
            [Selector] = static intents => SelectorNamespaces(intents),
        };

    public static IReadOnlyDictionary<string, Func<ObservedIntents, IEnumerable<string>>> ForObserved { get; } =
        new Dictionary<string, Func<ObservedIntents, IEnumerable<string>>>(StringComparer.Ordinal)
        {
            [Client] = static observed => [GetClientKey(observed.Metadata.NamespaceProperty, observed.Workload.Name)],
            [Namespace] = static observed => [observed.Metadata.NamespaceProperty ?? ""],
        };

    public static IReadOnlyDictionary<string, Func<PartialService, IEnumerable<string>>> ForServices { get; } =
        new Dictionary<string, Func<PartialService, IEnumerable<string>>>(StringComparer.Ordinal)
        {
            [Namespace] = static service => [service.Metadata.NamespaceProperty ?? ""],

            // One of type ExternalName has no Pods, whatever its selector says.
            [Selector] = static service => service.Spec is { Type: not "ExternalName", Selector: { Count: > 0 } selector }
                ? [GetSelectorKey(service.Metadata.NamespaceProperty, selector)]
                : [],
        };

    public static IReadOnlyDictionary<string, Func<ProtectedService, IEnumerable<string>>> ForProtections { get; } =
        new Dictionary<string, Func<ProtectedService, IEnumerable<string>>>(StringComparer.Ordinal)
        {
            [Server] = static protection => protection.Parse().Server is { } server ? [server.ToString()] : [],
            [Namespace] = static protection => [protection.Metadata.NamespaceProperty ?? ""],
            [Selector] = static protection =>
                protection.Parse().Workload is { Selector: not null } pods ? [pods.Namespace] : [],
        };

    public static IReadOnlyDictionary<string, Func<V1NetworkPolicy, IEnumerable<string>>> ForPolicies(Installation installation) =>
        new Dictionary<string, Func<V1NetworkPolicy, IEnumerable<string>>>(StringComparer.Ordinal)
        {
            [Direction] = policy => installation.Owner.IsOurs(policy) && PolicyMetadataReader.ReadKey(policy) is { } subject
                ? [subject.Type == SubjectType.Client ? WayleaveLabels.Egress : WayleaveLabels.Ingress]
                : [],
            [Namespace] = policy => installation.Owner.IsOurs(policy) ? [policy.Metadata.NamespaceProperty ?? ""] : [],

            // Also one that has lost its label: it is in force, and gets the label back.
            [Server] = policy =>
                installation.Owner.MayUpdate(policy) && PolicyMetadataReader.ReadKey(policy) is { } subject ? [subject.ToString()] : [],
            [OtherInstallation] = policy =>
                installation.Owner.BelongsToOtherInstallation(policy) && PolicyMetadataReader.ReadKey(policy) is { } subject
                    ? [subject.ToString(), Any]
                    : [],
        };

    /// <summary>The same indexes, restricted to objects that select this cluster.</summary>
    public static IReadOnlyDictionary<string, Func<TEntity, IEnumerable<string>>> Where<TEntity>(
        this IReadOnlyDictionary<string, Func<TEntity, IEnumerable<string>>> indexes, Func<TEntity, bool> isMeant) =>
        indexes.ToDictionary(
            index => index.Key,
            index => (Func<TEntity, IEnumerable<string>>)(entity => isMeant(entity) ? index.Value(entity) : []),
            StringComparer.Ordinal);

    public static string GetClientKey(string? @namespace, string name) => $"{@namespace}/{name}";

    /// <summary>The Services whose selectors may match Pods with these labels. The caller evaluates each selector.</summary>
    public static IEnumerable<PartialService> ServicesFor(
        this IStore<PartialService> services, string @namespace, IDictionary<string, string>? labels)
    {
        foreach (var (key, value) in labels.OrEmpty())
        {
            foreach (var service in services.ByIndex(Selector, $"{@namespace}/{key}={value}"))
            {
                if (SelectorEquality.ContainsAll(labels, service.Spec?.Selector))
                {
                    yield return service;
                }
            }
        }
    }

    // One label of the selector is enough as the key, because all matching Pods have it.
    private static string GetSelectorKey(string? @namespace, IDictionary<string, string> selector)
    {
        var (key, value) = selector.MinBy(label => label.Key, StringComparer.Ordinal);
        return $"{@namespace}/{key}={value}";
    }

    private static HashSet<string> SelectorNamespaces(ClientIntents intents)
    {
        var namespaces = new HashSet<string>(StringComparer.Ordinal);
        if (intents.Parse().Client is { Selector: not null } client)
        {
            namespaces.Add(client.Namespace);
        }

        if (intents.Spec.Targets.Exists(target => target?.Kubernetes?.Selector is not null))
        {
            namespaces.UnionWith(intents.Parse().Targets
                .Where(target => target.Reference?.Workload?.Selector is not null)
                .Select(target => target.Reference!.Server.Namespace));
        }

        return namespaces;
    }

    private static HashSet<string> NamespacesOf(ClientIntents intents)
    {
        var namespaces = new HashSet<string>(StringComparer.Ordinal) { intents.Metadata.NamespaceProperty ?? "" };
        foreach (PolicyKey server in intents.Parse().Servers)
        {
            namespaces.Add(server.Namespace);
        }

        return namespaces;
    }
}
