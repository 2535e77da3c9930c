using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Makes meters and adds up what their instruments count, by instrument and tags: <c>workqueue_depth{name=a}</c>.</summary>
internal sealed class FakeMeters : IMeterFactory
{
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Meter> _meters = [];
    private readonly MeterListener _listener = new();

    public FakeMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public double this[string series] => _sums.GetValueOrDefault(series);

    /// <summary>The metrics of the layer, counted here.</summary>
    public KubernetesMetrics Metrics() => new(this);

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var meter in _meters)
        {
            meter.Dispose();
        }
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = $"{instrument.Name}{{{string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}}";
        _sums.AddOrUpdate(series, value, (_, sum) => sum + value);
    }
}
