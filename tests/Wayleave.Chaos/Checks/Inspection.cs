using System.Diagnostics;

namespace Wayleave.Chaos.Checks;

/// <summary>Runs all checks until they hold or the time is up.</summary>
internal sealed class Inspection
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly IReadOnlyList<Check> _checks;

    public Inspection(World world) => _checks =
        [new MeaningCheck(world), new StatusCheck(world), new TelemetryCheck(world), new LeaderCheck(world), new ResourceCheck(world)];

    /// <summary>How many items each check has checked.</summary>
    public IEnumerable<(string Name, long Count)> Counts => _checks.Select(check => (check.Name, check.Count));

    /// <summary>The first check that failed, with its problem; null if all hold.</summary>
    public async Task<string?> FailureAsync(TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        foreach (var check in _checks)
        {
            while (await ProblemAsync(check) is { } problem)
            {
                if (check.IsFinal || clock.Elapsed > patience)
                {
                    return $"{check.Name}: {problem}";
                }

                await Task.Delay(Interval);
            }
        }

        return null;
    }

    private static async Task<string?> ProblemAsync(Check check)
    {
        try
        {
            return await check.ProblemAsync();
        }
        catch (HttpRequestException error)
        {
            // The API server is not back yet; retry.
            return error.Message;
        }
    }
}
