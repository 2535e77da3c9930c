using System.Globalization;
using System.Text;

namespace Wayleave.Operator.Metrics;

/// <summary>One line of a metric, or one histogram. Safe for any number of threads.</summary>
internal sealed class MetricSeries(bool isHistogram)
{
    // Seconds: from a cache hit to a request that times out.
    private static readonly double[] Bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly Lock _lock = new();
    private readonly long[] _buckets = isHistogram ? new long[Bounds.Length] : [];
    private double _sum;
    private long _count;

    public void Record(double value, bool replace)
    {
        lock (_lock)
        {
            _sum = replace ? value : _sum + value;
            _count++;
            for (var i = 0; i < _buckets.Length; i++)
            {
                _buckets[i] += value <= Bounds[i] ? 1 : 0;
            }
        }
    }

    public void WriteTo(StringBuilder text, string name, string labels)
    {
        lock (_lock)
        {
            if (!isHistogram)
            {
                Line(text, name, labels, _sum);
                return;
            }

            var separator = labels.Length == 0 ? "" : ",";
            for (var i = 0; i < Bounds.Length; i++)
            {
                Line(text, name + "_bucket", string.Create(CultureInfo.InvariantCulture, $"{labels}{separator}le=\"{Bounds[i]}\""), _buckets[i]);
            }

            Line(text, name + "_bucket", $"{labels}{separator}le=\"+Inf\"", _count);
            Line(text, name + "_sum", labels, _sum);
            Line(text, name + "_count", labels, _count);
        }
    }

    private static void Line(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0)
        {
            text.Append('{').Append(labels).Append('}');
        }

        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }
}
