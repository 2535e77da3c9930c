using ScottPlot;

namespace Wayleave.Benchmarks.Soak;

/// <summary>Draws memory and handles over time.</summary>
internal static class SoakPicture
{
    private const int Width = 900;
    private const int Height = 380;

    public static string Svg(IReadOnlyList<SoakSample> samples, string title)
    {
        var minutes = samples.Select(sample => sample.Minutes).ToArray();
        var plot = new Plot();
        var memory = plot.Add.ScatterLine(minutes, samples.Select(sample => sample.MemoryMiB).ToArray());
        memory.LegendText = "resident memory, MiB (left)";
        var handles = plot.Add.ScatterLine(minutes, samples.Select(sample => (double)sample.Handles).ToArray());
        handles.LegendText = "open handles (right)";
        handles.Axes.YAxis = plot.Axes.Right;
        plot.Axes.SetLimitsY(0, 1.5 * samples.Max(sample => sample.MemoryMiB), plot.Axes.Left);
        plot.Axes.SetLimitsY(0, 1.5 * samples.Max(sample => sample.Handles), plot.Axes.Right);
        plot.Title(title);
        plot.XLabel("minutes");
        plot.ShowLegend(Alignment.LowerRight);
        return plot.GetSvgXml(Width, Height);
    }
}
