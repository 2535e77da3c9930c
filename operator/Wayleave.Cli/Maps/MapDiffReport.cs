using System.Text.Json.Serialization;
using Wayleave.Cli.Reports;
using Wayleave.Observation.Proposals;

namespace Wayleave.Cli.Maps;

/// <summary>How the map and the declarations differ.</summary>
/// <param name="Cut">The seen calls that would be cut in mode Enforce. Null if that was not asked for.</param>
internal sealed record MapDiffReport(IReadOnlyList<MapDifference> Workloads, IReadOnlyList<CutCallReport>? Cut)
{
    [JsonIgnore]
    public bool IsEmpty => Workloads.Count == 0 && Cut is null or { Count: 0 };

    public static MapDiffReport Create(IReadOnlyList<WorkloadDifference> differences, IReadOnlyList<CutCall>? cut) => new(
        [.. differences.Select(Create)],
        cut?.Select(one => new CutCallReport(one.Call.Client.ToString(), one.Call.TargetName, one.Call.PortText, one.Reason)).ToList());

    private static MapDifference Create(WorkloadDifference difference) => new(
        difference.Workload.ShortName,
        difference.Workload.Namespace,
        [
            .. difference.Undeclared.Select(call => new UndeclaredReport(
                call.TargetName, call.PortText, call.Call.Outcome, call.Call.First, call.Call.Last, call.Call.Connections)),
        ],
        [
            .. difference.Unseen.Select(unseen => new UnseenReport(
                unseen.Target, unseen.Ports, DeclaredRulePlanner.FieldOf(unseen.Declaration.Intents, unseen.Declaration.Index))),
        ]);
}

/// <summary>How the map and the declarations of a workload differ.</summary>
/// <param name="Undeclared">Seen and not declared.</param>
/// <param name="Unseen">Declared and not seen.</param>
internal sealed record MapDifference(
    string Workload, string Namespace, IReadOnlyList<UndeclaredReport> Undeclared, IReadOnlyList<UnseenReport> Unseen);

internal sealed record UndeclaredReport(string Target, string Ports, string Outcome, DateTime First, DateTime Last, string Connections);

/// <param name="Ports">Empty for every port.</param>
/// <param name="From">The object and its field.</param>
internal sealed record UnseenReport(string Target, string Ports, string From);

internal sealed record CutCallReport(string Client, string Target, string Ports, string Reason);
