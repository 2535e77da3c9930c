using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Wayleave.Operator.Metrics;

/// <summary>The series of one instrument, and how Prometheus reads them (text exposition format 0.0.4).</summary>
internal sealed class MetricFamily(Instrument instrument)
{
    private readonly ConcurrentDictionary<TagValues, MetricSeries> _series = new();
    private string[] _labels = [];

    public string Name => instrument.Name;

    private bool IsHistogram => instrument is Histogram<double>;

    private bool IsGauge => instrument is UpDownCounter<long> or ObservableGauge<double> or ObservableGauge<long>;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var key = TagValues.Of(tags);
        if (!_series.TryGetValue(key, out var series))
        {
            _labels = Labels(tags);
            series = _series.GetOrAdd(key, _ => new MetricSeries(IsHistogram));
        }

        series.Record(value, replace: instrument.IsObservable);
    }

    /// <summary>Before it is read anew: of what is observed, what is not there any more must not stay.</summary>
    public void Forget()
    {
        if (instrument.IsObservable && IsGauge)
        {
            _series.Clear();
        }
    }

    public void WriteTo(StringBuilder text)
    {
        text.Append("# HELP ").Append(Name).Append(' ').Append(instrument.Description?.Replace("\\", @"\\", StringComparison.Ordinal)).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(IsHistogram ? " histogram\n" : IsGauge ? " gauge\n" : " counter\n");
        foreach (var (key, series) in _series)
        {
            series.WriteTo(text, Name, Pairs(key));
        }
    }

    private string Pairs(TagValues values)
    {
        var pairs = new List<string>(2);
        Add(0, values.First);
        Add(1, values.Second);
        return string.Join(',', pairs);

        void Add(int index, string? value)
        {
            if (value is not null && index < _labels.Length)
            {
                pairs.Add(string.Create(CultureInfo.InvariantCulture, $"{_labels[index]}=\"{Escape(value)}\""));
            }
        }
    }

    private static string Escape(string value) =>
        value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static string[] Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new string[tags.Length];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = tags[i].Key;
        }

        return labels;
    }
}
