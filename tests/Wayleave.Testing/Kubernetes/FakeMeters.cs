using System.Diagnostics.Metrics;
using Wayleave.Kubernetes;

namespace Wayleave.Testing.Kubernetes;

/// <summary>
/// Creates meters and sums up the values of their instruments, by instrument and tags: <c>workqueue_adds_total{name=a}</c>. Sums over tags that
/// are not named, and uses the current value of observable instruments.
/// </summary>
public sealed class FakeMeters : IMeterFactory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Series, double> _sums = [];
    private readonly Dictionary<Series, double> _observed = [];
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public FakeMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (IsOurs(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The sum so far, or 0 if nothing was counted.</summary>
    public double this[string series]
    {
        get
        {
            lock (_lock)
            {
                _observed.Clear();
                _listener.RecordObservableInstruments();
                return SumOf(series);
            }
        }
    }

    /// <summary>The metrics of the Kubernetes layer, counted here.</summary>
    public KubernetesMetrics Metrics() => new(this);

    public Meter Create(MeterOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var meter = new Meter(options);
        lock (_lock)
        {
            _meters.Add(meter);
        }

        return meter;
    }

    /// <summary>Waits until the sum is at least this large.</summary>
    /// <exception cref="TimeoutException">The sum did not become this large.</exception>
    public async Task ReachAsync(string series, double sum, TimeSpan deadline)
    {
        using var late = new CancellationTokenSource(deadline);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
                if (SumOf(series) >= sum)
                {
                    return;
                }
            }

            try
            {
                await changed.WaitAsync(late.Token);
            }
            catch (OperationCanceledException error)
            {
                throw new TimeoutException($"Waited in vain for {series} to be {sum} ({deadline.TotalSeconds} s); it is {this[series]}", error);
            }
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(meter => meter.Dispose());
    }

    private bool IsOurs(Meter meter)
    {
        lock (_lock)
        {
            return _meters.Contains(meter);
        }
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = new Series(instrument.Name, string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")));
        TaskCompletionSource changed;
        lock (_lock)
        {
            var values = instrument.IsObservable ? _observed : _sums;
            values[series] = values.GetValueOrDefault(series) + value;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    private double SumOf(string series)
    {
        var name = series.Split('{')[0];
        var tags = series[name.Length..].Trim('{', '}').Split(',', StringSplitOptions.RemoveEmptyEntries);
        return _sums.Concat(_observed)
            .Where(counted => counted.Key.Name == name && tags.All(tag => counted.Key.Tags.Split(',').Contains(tag)))
            .Sum(counted => counted.Value);
    }

    private readonly record struct Series(string Name, string Tags);
}
