using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;

namespace Wayleave.Observation.Proposals;

/// <summary>A ClientIntents made of what a workload was seen calling.</summary>
/// <param name="Client">The workload.</param>
/// <param name="Name">The name of the object.</param>
/// <param name="Since">The time since which the mapper has observed the workload.</param>
/// <param name="Targets">At least one, in the order of their groups.</param>
/// <param name="LeftOut">Calls that the operator would refuse as a target, each with the reason.</param>
internal sealed record Proposal(
    WorkloadId Client, string Name, DateTime Since, IReadOnlyList<ProposedTarget> Targets, IReadOnlyList<LeftOutCall> LeftOut)
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>The object whose targets come first. Null for a new object.</summary>
    public ClientIntents? Existing { get; init; }

    /// <summary>The existing targets and those of the proposal, as one object to apply.</summary>
    public ClientIntents ToIntents()
    {
        var metadata = new V1ObjectMeta { Name = Name, NamespaceProperty = Client.Namespace };
        if (Existing is not null)
        {
            // An apply removes labels and annotations that an earlier one had.
            metadata.Labels = Existing.Metadata.Labels;
            var annotations = Existing.Metadata.Annotations.OrEmpty()
                .Where(entry => entry.Key != LastApplied)
                .ToDictionary(StringComparer.Ordinal);
            metadata.Annotations = annotations.Count > 0 ? annotations : null;
        }

        return new ClientIntents
        {
            ApiVersion = Group.ApiVersion,
            Kind = nameof(ClientIntents),
            Metadata = metadata,
            Spec = new ClientIntentsSpec
            {
                Workload = Existing?.Spec.Workload ?? new WorkloadRef { Name = Client.Name, Kind = Client.Kind },
                Clusters = Existing?.Spec.Clusters,
                Targets = [.. Existing?.Spec.Targets ?? [], .. Targets.Select(target => target.Target)],
            },
        };
    }
}

/// <summary>A target and the calls that it was made of.</summary>
/// <param name="Group">What it has in common with its neighbors, for a person who reads the list.</param>
internal sealed record ProposedTarget(IntentTarget Target, string Group, IReadOnlyList<SeenCall> Calls)
{
    public DateTime First => Calls.Min(call => call.Call.First);

    public DateTime Last => Calls.Max(call => call.Call.Last);

    /// <summary>The largest power of ten of its calls.</summary>
    public string Connections => Calls.Select(call => call.Call.Connections).MaxBy(text => text.Length) ?? "";

    public IReadOnlyList<string> Sources =>
        [.. Calls.SelectMany(call => call.Call.Sources).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>Whether no call says at which port, so that the target opens all.</summary>
    public bool HasUnknownPorts => Calls.All(call => call.ParsedPorts.Count == 0);

    /// <summary>Whether several workloads stand behind the address, and it is not known which of them answered.</summary>
    public bool IsAmbiguous => Calls.Any(call => call.Call.Ambiguous == true);

    /// <summary>Whether no call was answered.</summary>
    public bool IsAttempt => Calls.All(call => call.IsAttempt);
}

/// <summary>A call that is in no proposal.</summary>
internal sealed record LeftOutCall(SeenCall Call, string Reason);
