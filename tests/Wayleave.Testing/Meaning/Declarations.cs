using Wayleave.Api;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>A declared call.</summary>
/// <param name="Intents">The object that declares it.</param>
public sealed record Call<TTarget>(Declared<ClientIntents> Intents, Reference Server, TTarget Target);

/// <summary>The declarations for the local cluster.</summary>
public sealed class Declarations
{
    private readonly ClusterView _view;

    public Declarations(ClusterView view)
    {
        ArgumentNullException.ThrowIfNull(view);
        _view = view;
        Intents = [.. view.DeclaredIntents.Where(intents => IsHere(intents.Entity.Spec.Clusters))];
        Protections = [.. view.DeclaredProtections.Where(protection => IsHere(protection.Entity.Spec.Clusters))];
        KeptIntents = [.. view.DeclaredIntents.Where(intents => intents.IsKept)];
        WorkloadCalls = [.. Intents.SelectMany(WorkloadCallsOf).Where(Counts)];
        ServiceCalls = [.. Intents.SelectMany(ServiceCallsOf).Where(Counts)];
    }

    /// <summary>Declarations without those for other clusters only.</summary>
    public IReadOnlyList<Declared<ClientIntents>> Intents { get; }

    /// <summary>Intents whose current generation is invalid, so that their clusters are not known.</summary>
    public IReadOnlyList<Declared<ClientIntents>> KeptIntents { get; }

    /// <inheritdoc cref="Intents"/>
    public IReadOnlyList<Declared<ProtectedService>> Protections { get; }

    /// <summary>The calls to workloads that take effect on their servers.</summary>
    public IReadOnlyList<Call<KubernetesTarget>> WorkloadCalls { get; }

    /// <summary>The calls to Services that take effect on them.</summary>
    public IReadOnlyList<Call<ServiceTarget>> ServiceCalls { get; }

    public static bool IsHere(ClusterSelection? clusters) =>
        clusters?.Names is { Count: > 0 } names ? names.Contains("local") : clusters?.Selector is null;

    public static Reference ClientOf(ClientIntents intents) => Of(intents.Metadata.NamespaceProperty!, intents.Spec.Workload);

    public static Reference ServerOf(ProtectedService protection) => Of(protection.Metadata.NamespaceProperty!, protection.Spec.Workload);

    /// <summary>The targets of an object that name workloads.</summary>
    public static IEnumerable<Call<KubernetesTarget>> WorkloadCallsOf(Declared<ClientIntents> intents) =>
        from target in intents.Entity.Spec.Targets.Select(target => target.Kubernetes).OfType<KubernetesTarget>()
        let place = Place(target.Name, intents.Entity.Metadata.NamespaceProperty!)
        select new Call<KubernetesTarget>(intents, new Reference(place.Namespace, place.Name, target.Selector is null ? target.Kind : null, target.Selector), target);

    /// <summary>The targets of an object that name Services.</summary>
    public static IEnumerable<Call<ServiceTarget>> ServiceCallsOf(Declared<ClientIntents> intents) =>
        from target in intents.Entity.Spec.Targets.Select(target => target.Service).OfType<ServiceTarget>()
        let place = Place(target.Name, intents.Entity.Metadata.NamespaceProperty!)
        select new Call<ServiceTarget>(intents, new Reference(place.Namespace, place.Name, null, null), target);

    /// <summary>Whether a name refers to a workload, or did before the workload was deleted.</summary>
    public bool Means(Reference reference, DeclaredWorkload workload) =>
        reference.Namespace == workload.Namespace && _view.MeaningOf(reference).All.Any(workload.IsSame);

    /// <summary>
    /// Allows the Pods of the client to connect to ports. While the name of the client is ambiguous or no longer exists, connections that were
    /// allowed stay allowed.
    /// </summary>
    public IEnumerable<Opening> OpenTo(Declared<ClientIntents> intents, Func<Door, ClusterPod?, bool> doors)
    {
        var reference = ClientOf(intents.Entity);
        if (!_view.CanBeNamed(reference.Namespace))
        {
            return [];
        }

        var meaning = _view.MeaningOf(reference);
        var certainty = intents.IsKept ? Certainty.Kept
            : meaning.One is not null ? Certainty.Settled
            : meaning.Present.Count > 1 ? Certainty.Kept
            : meaning.Present.Count == 0 ? Certainty.Remembered
            : Certainty.Possible;
        return meaning.All.Where(client => !client.HostNetwork).Select(client => new Opening(certainty) { Source = intents.Entity.Metadata.Uid, Pods = client.Owns, Doors = doors });
    }

    // The client's namespace must be accepted, and the client must not be on the host network, where no policy can select it.
    private bool Counts<TTarget>(Call<TTarget> call)
    {
        var accepted = _view.GetSettings(call.Server.Namespace).AcceptFrom;
        var client = _view.MeaningOf(ClientOf(call.Intents.Entity));
        var isOnHosts = client.One?.HostNetwork == true || (client is { Present.Count: 0, Gone.Count: > 0 } && client.Gone.All(gone => gone.HostNetwork));

        // The client of a declaration that is no longer valid is not known.
        return accepted?.Selects(_view.LabelsOf(call.Intents.Entity.Metadata.NamespaceProperty!)) != false && (call.Intents.IsKept || !isOnHosts);
    }

    private static Reference Of(string @namespace, WorkloadRef workload) =>
        new(@namespace, workload.Name, workload.Selector is null ? workload.Kind : null, workload.Selector);

    // name, or name.namespace
    private static (string Name, string Namespace) Place(string text, string own) =>
        text.Split('.') is [var name, var @namespace] ? (name, @namespace) : (text, own);
}

/// <summary>The names that any declaration refers to.</summary>
internal sealed class DeclaredNames
{
    private readonly HashSet<(string Namespace, string Name)> _workloads;
    private readonly HashSet<(string Namespace, string Name)> _services;

    public DeclaredNames(ClusterView view)
    {
        var intents = view.DeclaredIntents.Where(declared => Declarations.IsHere(declared.Entity.Spec.Clusters)).ToList();
        var clients = intents.Select(declared => Declarations.ClientOf(declared.Entity));
        var servers = intents.SelectMany(Declarations.WorkloadCallsOf).Select(call => call.Server);
        var isProtected = view.DeclaredProtections.Where(declared => Declarations.IsHere(declared.Entity.Spec.Clusters)).Select(declared => Declarations.ServerOf(declared.Entity));
        _workloads = clients.Concat(servers).Concat(isProtected).Select(reference => (reference.Namespace, reference.Name)).ToHashSet();
        _services = intents.SelectMany(Declarations.ServiceCallsOf).Select(call => (call.Server.Namespace, call.Server.Name)).ToHashSet();
    }

    public bool IsWorkload(string @namespace, string name) => _workloads.Contains((@namespace, name));

    public bool IsService(string @namespace, string name) => _services.Contains((@namespace, name));
}
