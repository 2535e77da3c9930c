namespace Wayleave.Benchmarks.Reports;

/// <summary>What was measured, once in each round.</summary>
internal sealed record Figure(string Name, string Unit)
{
    /// <summary>In the order in which they were taken.</summary>
    public List<double> Samples { get; init; } = [];

    public double Median => Percentile(50);

    public double Least => Samples.Min();

    public double Most => Samples.Max();

    /// <summary>The sample that so many in a hundred do not exceed, by the nearest rank.</summary>
    public double Percentile(int percent) => Of(Samples, percent);

    /// <summary>The same of any samples.</summary>
    public static double Of(IEnumerable<double> samples, int percent)
    {
        var sorted = samples.Order().ToList();
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * percent / 100.0) - 1)];
    }
}
