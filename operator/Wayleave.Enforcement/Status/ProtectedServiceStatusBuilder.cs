using System.Text.Json;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Targets;

namespace Wayleave.Enforcement.Status;

/// <summary>Turns a result into the status of a <see cref="ProtectedService"/>.</summary>
public static class ProtectedServiceStatusBuilder
{
    /// <summary>The status of the object's present generation. A result about another generation does not count.</summary>
    /// <param name="results">The results of each selected cluster.</param>
    /// <param name="now">Used where a condition's status changed.</param>
    public static ProtectedServiceStatus Summarize(ProtectedService protection, IEnumerable<ProtectionResult> results, DateTimeOffset now)
    {
        var generation = protection.Metadata.Generation;
        var current = results.Where(result => result.Generation == (generation ?? 0))
            .Aggregate(default(TargetResult), (joined, result) => TargetResult.Merge(joined, result.Result));
        var resultNow = protection.Parse().Error ?? current ?? TargetResult.Progressing;
        var isRetained = protection.Parse().IsRetained;
        var enforced =
            isRetained ? protection.Status!.EnforcedGeneration : protection.Parse().Error is null ? generation : null;
        var message = isRetained ? $"{resultNow.Message}; generation {enforced} stays in force" : resultNow.Message;
        var outcome = resultNow with { Message = message ?? Words(resultNow.State) };
        return new ProtectedServiceStatus
        {
            ObservedGeneration = generation,
            EnforcedGeneration = enforced,
            EnforcedSpec = protection.Parse().EnforcedSpec is { } spec
                ? JsonSerializer.Serialize(spec, ApiJson.Default.ProtectedServiceSpec)
                : null,
            Conditions = ConditionBuilder.Build(
                outcome, generation, protection.Status?.Conditions, now, ConditionBuilder.MergeWarnings([resultNow])),
        };
    }

    private static string Words(string state) => state switch
    {
        TargetStateNames.Enforced => "only declared clients may call",
        TargetStateNames.Disabled => "enforcement is disabled in this namespace, so any client may call",
        _ => "not decided yet",
    };
}
