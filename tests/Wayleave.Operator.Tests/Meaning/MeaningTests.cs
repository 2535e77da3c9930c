using System.Diagnostics;
using System.Globalization;
using Wayleave.Operator.Tests.Meaning.Generating;
using Wayleave.Testing.Meaning;
using Xunit.Abstractions;

namespace Wayleave.Operator.Tests.Meaning;

/// <summary>
/// Random clusters, random edits, drift, lost watches and restarts: whenever the operator is idle, its policies allow exactly what the
/// declarations allow. <c>WAYLEAVE_MEANING_CLUSTERS</c> is the number of clusters, <c>WAYLEAVE_MEANING_SEED</c> the first seed, and
/// <c>WAYLEAVE_MEANING_FAILURES</c> the number of failures after which the test stops.
/// </summary>
public sealed class MeaningTests(ITestOutputHelper output)
{
    private const int DefaultClusters = 100;
    private const int DefaultSeed = 1;

    [Fact]
    public async Task Policies_allow_what_the_declarations_allow_in_random_scenarios()
    {
        var clock = Stopwatch.StartNew();
        var tally = new Tally();
        var first = Setting("WAYLEAVE_MEANING_SEED", DefaultSeed);
        var clusters = Setting("WAYLEAVE_MEANING_CLUSTERS", DefaultClusters);
        var failures = new List<string>();
        for (var seed = first; seed < first + clusters && failures.Count < Setting("WAYLEAVE_MEANING_FAILURES", 1); seed++)
        {
            var scenario = ScenarioMaker.Make(seed);
            if (await ScenarioRun.FailureAsync(scenario, tally) is { } failure)
            {
                var (smallest, how) = await Shrinker.ShrinkAsync(scenario, failure);
                failures.Add($"WAYLEAVE_MEANING_SEED={seed}\n{how}\n{smallest}");
            }
        }

        output.WriteLine($"{tally} in {clock.Elapsed.TotalSeconds:0.0} s, seeds {first} to {first + clusters - 1}");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
