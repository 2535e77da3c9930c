namespace Wayleave.Benchmarks.Reports;

/// <summary>All figures of a run, in the order in which they were first measured.</summary>
internal sealed class Figures
{
    private readonly List<Figure> _all = [];

    public IReadOnlyList<Figure> All => _all;

    /// <summary>Adds a sample.</summary>
    public void Add(string name, string unit, double value)
    {
        var figure = _all.Find(known => known.Name == name);
        if (figure is null)
        {
            _all.Add(figure = new Figure(name, unit));
        }

        figure.Samples.Add(value);
    }
}
