using Wayleave.Operator.Tests.Meaning.Steps;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Meaning;

/// <summary>Removes the steps of a failing scenario that the failure does not need.</summary>
internal static class Shrinker
{
    // Enough for the largest scenarios. Scenarios that fail only sometimes end here.
    private const int MostRuns = 3000;

    /// <summary>Returns the smallest failing scenario that was found, and its failure.</summary>
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
