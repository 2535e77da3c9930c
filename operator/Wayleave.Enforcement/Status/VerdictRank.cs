using Wayleave.Api;

namespace Wayleave.Enforcement.Status;

/// <summary>Joins what the server's side and the client's side say of one target.</summary>
internal static class VerdictRank
{
    // What someone has to mend comes first, then what is awaited; after that, one side in force is enough.
    private static readonly string[] _order =
        [TargetStates.Failed, TargetStates.Pending, TargetStates.Enforced, TargetStates.Shadow, TargetStates.Off, TargetStates.NotSupported];

    /// <summary>The one that says more; the first of equals.</summary>
    public static Verdict Join(Verdict? first, Verdict second) =>
        first is null || RankOf(second) < RankOf(first) ? second : first;

    private static int RankOf(Verdict verdict) => Array.IndexOf(_order, verdict.State);
}
