using Wayleave.Operator.Tests.Meaning.Steps;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Meaning;

/// <summary>Leaves out of a failing scenario whatever the failure does not need.</summary>
internal static class Shrinker
{
    // Enough for the largest scenarios, and an end for those that fail only now and then.
    private const int MostRuns = 3000;

    /// <summary>The smallest scenario that was found to fail, and how it does.</summary>
    public static async Task<(Scenario Scenario, string Failure)> ShrinkAsync(Scenario scenario, string failure)
    {
        var runs = 0;
        var isSmaller = true;
        while (isSmaller)
        {
            isSmaller = false;
            foreach (var candidate in scenario.Smaller)
            {
                if (++runs > MostRuns)
                {
                    return (scenario, failure);
                }

                if (await ScenarioRun.FailureAsync(candidate, new Tally()) is { } still)
                {
                    (scenario, failure, isSmaller) = (candidate, still, true);
                    break;
                }
            }
        }

        return (scenario, failure);
    }
}
