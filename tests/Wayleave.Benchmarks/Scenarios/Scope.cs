namespace Wayleave.Benchmarks.Scenarios;

/// <summary>How much is measured.</summary>
/// <param name="Rounds">The minimum number of rounds.</param>
/// <param name="Sizes">The numbers of ClientIntents at which a single change and a start are measured.</param>
/// <param name="Bulks">How many are applied at once, and in how many rounds. Small bulks are short and vary more with the load of the machine.</param>
/// <param name="Usual">The number of ClientIntents where it does not matter.</param>
/// <param name="Rest">How long an idle operator is observed.</param>
/// <param name="Reconnects">The number of watches to cut.</param>
internal sealed record Scope(int Rounds, IReadOnlyList<int> Sizes, IReadOnlyList<(int Size, int Rounds)> Bulks, int Usual, TimeSpan Rest, int Reconnects)
{
    public static Scope Full { get; } = new(5, [100, 1000, 5000, 10_000], [(1000, 20), (5000, 5)], 1000, TimeSpan.FromMinutes(10), 1000);

    /// <summary>Takes less than five minutes.</summary>
    public static Scope Quick { get; } = new(5, [200], [(200, 10)], 200, TimeSpan.FromSeconds(20), 0);

    /// <summary>Excludes the costs of features and of reconnects from a quick run: only a long run shows them.</summary>
    public bool Includes(Scenario scenario) => Reconnects > 0 || scenario is not (ReconnectScenario or FeatureScenario);
}
