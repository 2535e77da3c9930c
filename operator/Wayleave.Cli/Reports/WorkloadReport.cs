using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Wayleave.Cli.Maps;
using Wayleave.EventStore.Events;

namespace Wayleave.Cli.Reports;

/// <summary>The effective policy of a workload.</summary>
internal sealed record WorkloadReport(string Workload, string Namespace, string Mode, string ModeFrom)
{
    /// <summary>Who may call it.</summary>
    public required DirectionReport Ingress { get; init; }

    /// <summary>What it may call.</summary>
    public required DirectionReport Egress { get; init; }

    /// <summary>Each target that its ClientIntents declare, with what becomes of it on both sides.</summary>
    public IReadOnlyList<TargetReport> Targets { get; init; } = [];

    /// <summary>Declarations about it as a server that are not in force, and why.</summary>
    public IReadOnlyList<TargetReport> NotInForce { get; init; } = [];
}

/// <summary>What NetworkPolicies allow in one direction.</summary>
/// <param name="IsRestricted">Whether a NetworkPolicy isolates the Pods in this direction.</param>
internal sealed record DirectionReport(bool IsRestricted, IReadOnlyList<PolicyReport> Policies, IReadOnlyList<RuleReport> Rules);

/// <summary>A NetworkPolicy that selects the Pods.</summary>
/// <param name="State">Whether it is as it should be.</param>
internal sealed record PolicyReport(string Name, string State);

/// <summary>A peer that a rule allows.</summary>
/// <param name="Peer">Who may call, or who may be called.</param>
/// <param name="From">The objects that it comes from.</param>
internal sealed record RuleReport(string Peer, string Ports, IReadOnlyList<string> From);

/// <summary>A declaration and what becomes of it.</summary>
/// <param name="Peer">The other side.</param>
/// <param name="State">One of the states of a target.</param>
/// <param name="From">The object and its field.</param>
internal sealed record TargetReport(string Peer, string State, string Reason, string? Message, string From);

/// <summary>Whether a call is allowed.</summary>
internal sealed record CallReport(bool Allowed, string Client, string Server, string Port)
{
    public required SideReport Egress { get; init; }

    public required SideReport Ingress { get; init; }

    /// <summary>Whether both sides have a rule for the other, but for different ports.</summary>
    public bool HasNoCommonPort { get; init; }
}

/// <summary>What one side says about a call.</summary>
/// <param name="Decision">A sentence.</param>
/// <param name="Policies">The NetworkPolicies that select the Pods.</param>
/// <param name="From">The objects that the deciding rule comes from. Empty if there is none.</param>
internal sealed record SideReport(bool Allowed, string Decision, IReadOnlyList<string> Policies, IReadOnlyList<string> From);

internal sealed record ChangeReport(string Action, string Namespace, string Name, JsonObject? Before, JsonObject? After);

/// <summary>The versions of this program and of the operator. Null where no operator was found.</summary>
internal sealed record VersionReport(string Client, string? Server, string? Image, string? Namespace);

internal sealed record TelemetryReport(bool Enabled)
{
    /// <summary>What turns it off.</summary>
    public string? OffBy { get; init; }

    /// <summary>Scheme, host and port; null if nothing is sent.</summary>
    public string? Endpoint { get; init; }

    public string? StateFile { get; init; }

    /// <summary>Commands that wait to be sent.</summary>
    public long Waiting { get; init; }

    public DateTimeOffset? LastRequestAt { get; init; }

    /// <summary><c>acknowledged</c>, or why it failed; null without a request, and while the answer is not known.</summary>
    public string? LastResult { get; init; }
}

internal sealed record ValidationReport(int Objects, int Invalid, IReadOnlyList<FindingReport> Findings);

/// <summary>Something that is wrong in a file.</summary>
internal sealed record FindingReport(string File, int Line, string Severity, string Message);

[JsonSerializable(typeof(WorkloadReport))]
[JsonSerializable(typeof(CallReport))]
[JsonSerializable(typeof(IReadOnlyList<ChangeReport>))]
[JsonSerializable(typeof(IReadOnlyList<OperatorEvent>))]
[JsonSerializable(typeof(VersionReport))]
[JsonSerializable(typeof(ValidationReport))]
[JsonSerializable(typeof(TelemetryReport))]
[JsonSerializable(typeof(MapDiffReport))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
internal sealed partial class ReportJson : JsonSerializerContext;
