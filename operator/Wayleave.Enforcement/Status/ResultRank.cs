using Wayleave.Api;

namespace Wayleave.Enforcement.Status;

/// <summary>Joins what the server's side and the client's side say of one target.</summary>
internal static class ResultRank
{
    // What someone has to fix comes first, then what is awaited; after that, one side in force is enough.
    private static readonly string[] _order =
        [TargetStates.Failed, TargetStates.Pending, TargetStates.Enforced, TargetStates.Shadow, TargetStates.Disabled, TargetStates.NotSupported];

    /// <summary>The one that says more, the first of equals; with the warnings of both.</summary>
    public static TargetResult Join(TargetResult? first, TargetResult second)
    {
        if (first is null)
        {
            return second;
        }

        var (said, other) = RankOf(second) < RankOf(first) ? (second, first) : (first, second);
        return said.With(other.Warnings);
    }

    private static int RankOf(TargetResult result) => Array.IndexOf(_order, result.State);
}
