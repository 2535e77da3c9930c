using Wayleave.Chaos;
using Xunit.Abstractions;

namespace Wayleave.EndToEnd.Tests.Chaos;

/// <summary>A few storms of one seed; <c>make chaos</c> makes a hundred of any.</summary>
[Collection(Name)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    public const string Name = "Chaos";
    private const int Seed = 7;
    private const int Storms = 5;

    [Fact]
    public async Task After_each_storm_all_is_true_again()
    {
        var report = new StringWriter();
        await using var run = await ChaosRun.StartAsync(Seed, report);
        var isWell = await run.RageAsync(Storms);
        output.WriteLine(report.ToString());
        isWell.ShouldBeTrue(report.ToString());
    }
}
