namespace Wayleave.Benchmarks.Scenarios;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">How often, at the least.</param>
/// <param name="Sizes">At how many ClientIntents a single change and a start are measured.</param>
/// <param name="Bulks">How many are applied at once, and how often: few are soon done, and what the machine does besides tells the more.</param>
/// <param name="Usual">How many there are where their number does not matter.</param>
/// <param name="Rest">For how long an idle operator is watched.</param>
/// <param name="Reconnects">How many watches are cut.</param>
internal sealed record Scope(int Rounds, IReadOnlyList<int> Sizes, IReadOnlyList<(int Size, int Rounds)> Bulks, int Usual, TimeSpan Rest, int Reconnects)
{
    public static Scope Full { get; } = new(5, [100, 1000, 5000, 10_000], [(1000, 20), (5000, 5)], 1000, TimeSpan.FromMinutes(10), 1000);

    /// <summary>Under five minutes.</summary>
    public static Scope Quick { get; } = new(5, [200], [(200, 10)], 200, TimeSpan.FromSeconds(20), 0);

    /// <summary>What telemetry costs, and what is left of reconnects, shows only in what takes long.</summary>
    public bool Includes(Scenario scenario) => Reconnects > 0 || scenario is not (ReconnectScenario or TelemetryScenario);
}
