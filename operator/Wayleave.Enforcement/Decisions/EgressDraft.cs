using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Decisions;

/// <summary>A policy about whom a client may call, being put together.</summary>
internal sealed class EgressDraft(Workload client, NamespaceRule rule)
{
    private readonly PolicySubject _subject = new(client.Kind.Name(), client.Namespace, client.Name, client.PodSelector);

    public DraftClaims Claims { get; } = new(rule.Mode.Mode, PolicyName.For(client.Kind.Name(), client.Name, PolicyDirection.Egress));

    public DestinationSet Destinations { get; } = new();

    public V1NetworkPolicy Build() =>
        EgressPolicyBuilder.Build(new EffectiveEgress(_subject, Destinations.Pods(), Destinations.Addresses(), rule.Dns));
}
