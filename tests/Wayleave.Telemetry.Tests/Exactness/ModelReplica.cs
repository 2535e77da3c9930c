using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Records;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Statistics;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>A process: the real feeds, ledger keeper and reporter, connected to the model of the cluster.</summary>
internal sealed class ModelReplica : IAsyncDisposable
{
    private readonly ModelCluster _cluster;
    private readonly ObjectTrackerSet _feeds = new();
    private readonly UsageReporter _reporter;
    private readonly ManualTime _time = new();
    private readonly UsageCounter _aggregator = new(countUsage: true, countErrors: true);
    private int _read;

    public ModelReplica(ModelCluster cluster)
    {
        _cluster = cluster;
        var outside = new FusedOutside(cluster, Fuse);
        var statistics = new TelemetryStatistics();
        var objects = new ObjectCounter(_feeds, outside, statistics);
        var keeper = new LedgerManager(outside, objects, statistics, TimeProvider.System, NullLogger<LedgerManager>.Instance);
        var origins = new TelemetryResourceProvider(outside, SemanticVersion.Parse("0.1.0"), statistics, NullLogger<TelemetryResourceProvider>.Instance);
        var backoff = new Backoff(TimeSpan.FromSeconds(1), _time, new Random(1));
        var exporter = new BatchExporter(outside, backoff, alarm: null, statistics, _time, NullLogger<BatchExporter>.Instance);
        _reporter = new UsageReporter(_aggregator, keeper, origins, exporter, new NullRecordSink(), _time);
        List();
    }

    public Fuse Fuse { get; } = new();

    public ValueTask DisposeAsync() => _reporter.DisposeAsync();

    /// <summary>Lists all objects; changes in the log up to here are not delivered any more.</summary>
    public void List()
    {
        foreach (var feed in _feeds.All)
        {
            feed.OnListStarted();
            foreach (var live in _cluster.Objects.Where(live => live.Kind == feed.Kind))
            {
                feed.OnListed(live.Id, live.Usage, live.Position);
            }

            feed.OnListCompleted(_cluster.Position);
        }

        _read = _cluster.Log.Count;
    }

    /// <summary>Receives up to this number of further changes.</summary>
    public void Hear(int changes = int.MaxValue)
    {
        for (; changes > 0 && _read < _cluster.Log.Count; changes--)
        {
            var change = _cluster.Log[_read++];
            var feed = _feeds.Of(change.Object.Kind);
            if (change.IsGone)
            {
                feed.Gone(change.Object.Id, change.Object.Usage, change.Position);
            }
            else
            {
                feed.Seen(change.Object.Id, change.Object.Usage, change.Position);
            }
        }
    }

    public async Task LeadAsync()
    {
        _aggregator.Add(UsageCatalog.Started);
        _reporter.Begin();
        await _reporter.OpenAsync(default);
        await _reporter.CheckpointAsync(default);
    }

    /// <summary>Loses the lease and continues to run.</summary>
    public void Follow() => _reporter.End();

    public Task CheckpointAsync() => _reporter.CheckpointAsync(default);

    public Task FlushAsync()
    {
        _time.Advance(TimeSpan.FromMinutes(16));
        return _reporter.FlushAsync(last: false, default);
    }
}
