using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Waits until a cluster is in the expected state. A timeout reports the last state that was seen.</summary>
internal static class ClusterExpectations
{
    /// <summary>The name of the policy for a server.</summary>
    public static string PolicyName(string server, string kind = "deployment") => $"wayleave-{kind}-{server}-ingress";

    /// <summary>A message with <c>spec.list[0].field</c> as old API servers write it: <c>spec.list.field</c>.</summary>
    public static string WithoutIndexes(string message) => Regex.Replace(message, @"\[[0-9]+\]", "", RegexOptions.None, TimeSpan.FromSeconds(1));

    /// <summary>Reads a policy. Null for none.</summary>
    public static Task<V1NetworkPolicy?> FindPolicyAsync(this TestCluster cluster, string @namespace, string name) =>
        cluster.Client.GetAsync<V1NetworkPolicy>(name, @namespace, CancellationToken.None);

    /// <summary>Waits until the policy has exactly this spec, as <see cref="PolicyText"/> writes it.</summary>
    public static async Task<V1NetworkPolicy> UntilPolicyAsync(
        this TestCluster cluster, string @namespace, string name, string spec, TimeSpan? deadline = null)
    {
        V1NetworkPolicy? seen = null;
        await Poll.UntilAsync(
            $"policy {@namespace}/{name} to say {spec}",
            async token =>
            {
                seen = await cluster.Client.GetAsync<V1NetworkPolicy>(name, @namespace, token);
                return seen is null ? "no policy" : PolicyText.Of(seen);
            },
            text => text == spec,
            deadline ?? Poll.Patience,
            CancellationToken.None);
        return seen!;
    }

    /// <summary>Waits until a namespace has exactly these policies.</summary>
    public static Task UntilPoliciesAsync(this TestCluster cluster, string @namespace, params IReadOnlyList<string> names) => Poll.UntilAsync(
        $"the policies of {@namespace} to be [{string.Join(", ", names)}]",
        async token => string.Join(", ", await cluster.PolicyNamesAsync(@namespace, token)),
        seen => seen == string.Join(", ", names.Order(StringComparer.Ordinal)),
        Poll.Patience,
        CancellationToken.None);

    /// <summary>Waits for the Ready condition of a ClientIntents for its current generation.</summary>
    public static Task<ClientIntents> UntilIntentsAsync(
        this TestCluster cluster, string @namespace, string name, string ready, string reason) => UntilAsync<ClientIntents>(
            cluster, @namespace, name, intents => Words(intents.Metadata, intents.Status?.ObservedGeneration, intents.Status?.Conditions), ready, reason);

    public static Task<ClientIntents> UntilEnforcedAsync(this TestCluster cluster, string @namespace, string name) =>
        cluster.UntilIntentsAsync(@namespace, name, "True", Reasons.Enforced);

    /// <summary>Waits for the Ready condition of a ProtectedService for its current generation.</summary>
    public static Task<ProtectedService> UntilProtectionAsync(
        this TestCluster cluster, string @namespace, string name, string ready, string reason) => UntilAsync<ProtectedService>(
            cluster, @namespace, name, service => Words(service.Metadata, service.Status?.ObservedGeneration, service.Status?.Conditions), ready, reason);

    /// <summary>Waits for a condition beside Ready: <c>Type=Status Reason</c>, or <c>Type absent</c>.</summary>
    public static Task UntilConditionAsync<TEntity>(this TestCluster cluster, string @namespace, string name, string wanted)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => Poll.UntilAsync(
            $"{typeof(TEntity).Name} {@namespace}/{name} to have the condition {wanted}",
            async token =>
            {
                var conditions = await cluster.Client.GetAsync<TEntity>(name, @namespace, token) switch
                {
                    ProtectedService protection => protection.Status?.Conditions,
                    ClientIntents intents => intents.Status?.Conditions,
                    EnforcementPolicy policy => policy.Status?.Conditions,
                    _ => null,
                };
                var type = wanted.Split('=', ' ')[0];
                var found = conditions?.Find(condition => condition.Type == type);
                return found is null ? $"{type} absent" : $"{type}={found.Status} {found.Reason}";
            },
            seen => seen == wanted,
            Poll.Patience,
            CancellationToken.None);

    /// <summary>Waits for the Ready condition of an EnforcementPolicy for its current generation.</summary>
    public static Task<EnforcementPolicy> UntilEnforcementAsync(this TestCluster cluster, string name, string ready, string reason) => UntilAsync<EnforcementPolicy>(
        cluster, null, name, policy => Words(policy.Metadata, policy.Status?.ObservedGeneration, policy.Status?.Conditions), ready, reason);

    /// <summary>Waits for the Ready condition of a KafkaServerConfig for its current generation.</summary>
    public static Task<KafkaServerConfig> UntilKafkaServerAsync(
        this TestCluster cluster, string @namespace, string name, string ready, string reason) => UntilAsync<KafkaServerConfig>(
            cluster, @namespace, name, config => Words(config.Metadata, config.Status?.ObservedGeneration, config.Status?.Conditions), ready, reason);

    /// <summary>The Events about an object, oldest first, as <c>Type Reason</c>. An Event of a series is repeated for each occurrence.</summary>
    public static async Task<IReadOnlyList<string>> EventsAsync(this TestCluster cluster, string @namespace, string name)
    {
        var page = await cluster.Client.ListAsync<Eventsv1Event>(new ListOptions { Namespace = @namespace }, CancellationToken.None);
        return
        [
            .. page.Items
                .Where(one => one.Regarding?.Name == name)
                .OrderBy(one => one.EventTime)
                .SelectMany(one => Enumerable.Repeat($"{one.Type} {one.Reason}", one.Series?.Count ?? 1)),
        ];
    }

    private static async Task<TEntity> UntilAsync<TEntity>(
        TestCluster cluster, string? @namespace, string name, Func<TEntity, string> words, string ready, string reason)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        TEntity? seen = null;
        var wanted = $"{ready} {reason}";
        await Poll.UntilAsync(
            $"{typeof(TEntity).Name} {@namespace}/{name} to be {wanted}",
            async token =>
            {
                seen = await cluster.Client.GetAsync<TEntity>(name, @namespace, token);
                return seen is null ? "not there" : words(seen);
            },
            text => text == wanted || text.StartsWith($"{wanted}: ", StringComparison.Ordinal),
            Poll.Patience,
            CancellationToken.None);
        return seen!;
    }

    private static string Words(V1ObjectMeta metadata, long? observed, List<V1Condition>? conditions)
    {
        var ready = conditions?.Find(condition => condition.Type == ConditionTypes.Ready);
        return observed != metadata.Generation || ready is null ? $"of generation {observed}" : $"{ready.Status} {ready.Reason}: {ready.Message}";
    }
}
