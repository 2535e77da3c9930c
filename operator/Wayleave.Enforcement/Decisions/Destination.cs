using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>A resolved target of a client. Only the nested types derive from it.</summary>
public abstract record Destination
{
    private Destination()
    {
    }

    /// <summary>The pods of a workload.</summary>
    /// <param name="Candidates">Every workload that has the name.</param>
    public sealed record ToWorkload(TargetReference Reference, IReadOnlyList<Workload> Candidates, NamespaceState Namespace) : Destination
    {
        /// <summary>Workloads of the name that do not exist now, as they were last known: their Pods may still run.</summary>
        public IReadOnlyList<Workload> LastKnown { get; init; } = [];
    }

    /// <summary>The endpoints of a Service.</summary>
    /// <param name="Service">As it was last known when it does not exist now; null when it was never seen.</param>
    /// <param name="Endpoints">The endpoints of a Service without a selector.</param>
    public sealed record ToService(
        TargetReference Reference, PartialService? Service, IReadOnlyList<EndpointGroup> Endpoints, NamespaceState Namespace) : Destination
    {
        /// <summary>The Pods that a deleted Service selected, from its existing policy. Null if there is none.</summary>
        public PolicySubject? LastKnownPods { get; init; }

        public bool IsPresent { get; init; } = true;

        /// <summary>The workloads whose Pods it selects.</summary>
        public IReadOnlyList<Workload> Backends { get; init; } = [];
    }

    /// <summary>Addresses outside the cluster.</summary>
    /// <param name="Answers">One for each domain.</param>
    public sealed record ToInternet(InternetReference Reference, IReadOnlyList<DomainAnswer> Answers) : Destination;
}

/// <summary>Addresses behind a Service that share their ports.</summary>
/// <param name="Addresses">IP addresses as text, untrusted.</param>
/// <param name="Ports">Empty for every port.</param>
public sealed record EndpointGroup(IReadOnlyList<string> Addresses, IReadOnlyList<EndpointPort> Ports);

/// <summary>A port behind a Service.</summary>
/// <param name="Name">The name of the Service's port that leads to it; null or empty for the only one.</param>
public sealed record EndpointPort(string? Name, PolicyPort Port);
