using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Statistics;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>A process: the real trackers, ledger manager and reporter, connected to the model of the cluster.</summary>
internal sealed class ModelReplica : IAsyncDisposable
{
    private readonly ModelCluster _cluster;
    private readonly ObjectTrackerSet _trackers = new();
    private readonly UsageReporter _reporter;
    private readonly ManualTime _time = new();
    private readonly UsageCounter _counter = new(countUsage: true, countErrors: true);
    private int _read;

    public ModelReplica(ModelCluster cluster)
    {
        _cluster = cluster;
        var outside = new FusedOutside(cluster, Fuse);
        var statistics = new TelemetryStatistics();
        var objects = new ObjectCounter(_trackers, outside, statistics);
        var ledgerManager = new LedgerManager(outside, statistics, TimeProvider.System, NullLogger<LedgerManager>.Instance, objects);
        var resourceProvider = new TelemetryResourceProvider(outside, SemanticVersion.Parse("0.1.0"), statistics, NullLogger<TelemetryResourceProvider>.Instance);
        var backoff = new Backoff(TimeSpan.FromSeconds(1), _time, new Random(1));
        var exporter = new BatchExporter(outside, backoff, statistics, _time, NullLogger<BatchExporter>.Instance);
        _reporter = new UsageReporter(_counter, ledgerManager, resourceProvider, _time, exporter);
        List();
    }

    public Fuse Fuse { get; } = new();

    public ValueTask DisposeAsync() => _reporter.DisposeAsync();

    /// <summary>Lists all objects; changes in the log up to here are not delivered any more.</summary>
    public void List()
    {
        foreach (var tracker in _trackers.All)
        {
            tracker.OnListStarted();
            foreach (var live in _cluster.Objects.Where(live => live.Kind == tracker.Kind))
            {
                tracker.OnListed(live.Id, live.Usage, live.Position);
            }

            tracker.OnListCompleted(_cluster.Position);
        }

        _read = _cluster.Log.Count;
    }

    /// <summary>Receives up to this number of further changes.</summary>
    public void Hear(int changes = int.MaxValue)
    {
        for (; changes > 0 && _read < _cluster.Log.Count; changes--)
        {
            var change = _cluster.Log[_read++];
            var tracker = _trackers.Get(change.Object.Kind);
            if (change.IsGone)
            {
                tracker.OnDeleted(change.Object.Id, change.Object.Usage, change.Position);
            }
            else
            {
                tracker.OnUpdated(change.Object.Id, change.Object.Usage, change.Position);
            }
        }
    }

    public async Task LeadAsync()
    {
        _counter.Add(UsageCatalog.Started);
        _reporter.StartCounting();
        await _reporter.OpenAsync(default);
        await _reporter.CheckpointAsync(default);
    }

    /// <summary>Loses the lease and continues to run.</summary>
    public void Follow() => _reporter.StopCounting();

    public Task CheckpointAsync() => _reporter.CheckpointAsync(default);

    public Task FlushAsync()
    {
        _time.Advance(TimeSpan.FromMinutes(16));
        return _reporter.FlushAsync(last: false, default);
    }
}
