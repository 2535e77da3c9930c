namespace Wayleave.Benchmarks.Reports;

/// <summary>A measured quantity, with one sample for each round.</summary>
internal sealed record Figure(string Name, string Unit)
{
    /// <summary>The samples, in the order in which they were taken.</summary>
    public List<double> Samples { get; init; } = [];

    public double Median => Percentile(50);

    public double Least => Samples.Min();

    public double Most => Samples.Max();

    /// <summary>The percentile of the samples, by the nearest rank.</summary>
    public double Percentile(int percent) => Of(Samples, percent);

    /// <summary>The percentile of any samples, by the nearest rank.</summary>
    public static double Of(IEnumerable<double> samples, int percent)
    {
        var sorted = samples.Order().ToList();
        return sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * percent / 100.0) - 1)];
    }
}
