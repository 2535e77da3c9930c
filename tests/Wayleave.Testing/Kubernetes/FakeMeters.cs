using System.Diagnostics.Metrics;
using Wayleave.Kubernetes;

namespace Wayleave.Testing.Kubernetes;

/// <summary>Makes meters and adds up what their instruments count, by instrument and tags: <c>workqueue_depth{name=a}</c>.</summary>
public sealed class FakeMeters : IMeterFactory
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, double> _sums = new(StringComparer.Ordinal);
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

    /// <summary>The sum so far; 0 of what was never counted.</summary>
    public double this[string series]
    {
        get
        {
            lock (_lock)
            {
                return _sums.GetValueOrDefault(series);
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

    /// <summary>Returns as soon as the sum is that large.</summary>
    /// <exception cref="TimeoutException">It did not come to that.</exception>
    public async Task ReachAsync(string series, double sum, TimeSpan deadline)
    {
        using var late = new CancellationTokenSource(deadline);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                changed = _changed.Task;
                if (_sums.GetValueOrDefault(series) >= sum)
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
        var series = $"{instrument.Name}{{{string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}}}";
        TaskCompletionSource changed;
        lock (_lock)
        {
            _sums[series] = _sums.GetValueOrDefault(series) + value;
            changed = _changed;
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }
}
