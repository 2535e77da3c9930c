using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace Wayleave.Operator.Metrics;

/// <summary>The series of one instrument, and how Prometheus reads them (text exposition format 0.0.4).</summary>
internal sealed class MetricFamily
{
    private readonly ConcurrentDictionary<TagSet, MetricSeries> _series = new(TagSet.Comparer);
    private readonly ConcurrentDictionary<TagSet, MetricSeries>.AlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>> _byTags;
    private readonly Instrument _instrument;
    private readonly MetricType _type;

    public MetricFamily(Instrument instrument)
    {
        _instrument = instrument;
        _type = TypeOf(instrument.GetType().GetGenericTypeDefinition());
        _byTags = _series.GetAlternateLookup<ReadOnlySpan<KeyValuePair<string, object?>>>();
    }

    private enum MetricType
    {
        Counter,

        /// <summary>Adds up like a counter, and may fall.</summary>
        UpDownCounter,
        Gauge,
        Histogram,
    }

    public string Name => _instrument.Name;

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!_byTags.TryGetValue(tags, out var series))
        {
            _byTags.TryAdd(tags, new MetricSeries(_type == MetricType.Histogram));
            series = _byTags[tags];
        }

        series.Record(value, replace: _instrument.IsObservable || _type == MetricType.Gauge);
    }

    /// <summary>Before it is read again: of what is observed, what is not there any more must not stay.</summary>
    public void Forget()
    {
        if (_instrument.IsObservable)
        {
            _series.Clear();
        }
    }

    public void WriteTo(StringBuilder text)
    {
        var type = _type switch
        {
            MetricType.Histogram => "histogram",
            MetricType.Counter => "counter",
            _ => "gauge",
        };
        text.Append("# HELP ").Append(Name).Append(' ').Append(Escape(_instrument.Description)).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(type).Append('\n');
        foreach (var (tags, series) in _series)
        {
            series.WriteTo(text, Name, tags.Labels);
        }
    }

    private static string? Escape(string? description) =>
        description?.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    private static MetricType TypeOf(Type instrument) =>
        instrument == typeof(Histogram<>) ? MetricType.Histogram
        : instrument == typeof(Gauge<>) || instrument == typeof(ObservableGauge<>) ? MetricType.Gauge
        : instrument == typeof(UpDownCounter<>) || instrument == typeof(ObservableUpDownCounter<>) ? MetricType.UpDownCounter
        : MetricType.Counter;
}
