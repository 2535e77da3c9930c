using System.Collections.Frozen;
using Wayleave.Api;
using Wayleave.Ingest;
using Wayleave.Mapper.Configuration;
using Wayleave.Observation.Maps;
using Wayleave.Observation.Resolution;

namespace Wayleave.Mapper.Observing;

/// <summary>
/// The map and the history of the cluster behind one lock, because requests, watches and the writer use them at the same time.
/// </summary>
internal sealed class MapState : IPodDirectory, IBatchHandler
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly ClusterHistory _cluster = new();
    private readonly ObservationMap _map;
    private readonly ObservationProcessor _processor;
    private Guid? _term;

    public MapState(MapperOptions options, TimeProvider time)
    {
        _time = time;
        _map = new ObservationMap(new MapOptions(options.Retention, options.CountsDiscoveries));
        var names = new NameHistory();
        var infrastructure = new[] { "kube-system", "openshift-dns", options.Namespace, options.SensorNamespace };
        _processor = new ObservationProcessor(
            _map, new FlowResolver(_cluster, names, infrastructure.ToFrozenSet(StringComparer.Ordinal)), names);
    }

    /// <summary>
    /// Identifies the map from <see cref="Start"/> to <see cref="Stop"/>: another process, or this one at another time, has another map,
    /// and lacks what was not stored. Null while batches are not applied: this process does not lead or has not read what is stored.
    /// </summary>
    public Guid? Term => Locked(() => _term);

    /// <summary>
    /// Whether this replica takes batches: the Pods are listed, and it leads. A standby checks none, so that it acknowledges none.
    /// </summary>
    public bool HasSynced => Term is not null;

    public int WorkloadCount => Locked(() => _map.WorkloadCount);

    public int CallCount => Locked(() => _map.CallCount);

    /// <summary>Flows and answers that wait for a Pod.</summary>
    public int WaitingCount => Locked(() => _processor.WaitingCount);

    private DateTimeOffset Now => _time.GetUtcNow();

    public long CountUnresolved(UnresolvedReason reason) => Locked(() => _processor.CountUnresolved(reason));

    /// <summary>Changes the history of the cluster.</summary>
    public void UpdateCluster(Action<ClusterHistory, DateTimeOffset> change) => Locked(() => change(_cluster, Now));

    public string? FindNode(Guid podUid) => Locked(() => _cluster.FindPod(podUid)?.Node);

    /// <summary>False for a Pod that is only remembered.</summary>
    public bool Exists(Guid podUid) => Locked(() => _cluster.Exists(podUid));

    /// <summary>Takes the stored objects, and accepts batches from now on.</summary>
    public void Start(IEnumerable<ObservedIntents> stored)
    {
        lock (_lock)
        {
            _processor.Clear();
            foreach (var intents in stored)
            {
                _map.Restore(intents);
            }

            _term = Guid.NewGuid();
        }
    }

    /// <summary>Forgets the map: another process may change it from now on.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _term = null;
            _processor.Clear();
        }
    }

    /// <summary>Applies a batch, once.</summary>
    /// <returns>False if the term has ended: the batch is not in the map.</returns>
    public bool TryApply(ObservedBatch batch, Guid term)
    {
        lock (_lock)
        {
            if (_term != term)
            {
                return false;
            }

            _processor.Apply(batch, Now);
            return true;
        }
    }

    public bool TryHandle(AcceptedBatch batch, Guid term) => TryApply(BatchReader.Read(batch), term);

    /// <summary>Tries again what waits for a Pod.</summary>
    public void Retry() => Locked(() => _processor.Retry(Now));

    /// <summary>Forgets what is too old.</summary>
    public void Sweep()
    {
        lock (_lock)
        {
            _cluster.Sweep(Now);
            _processor.Sweep(Now);
        }
    }

    /// <inheritdoc cref="ObservationMap.FindDue"/>
    public IReadOnlyList<PlannedWrite> FindDue(int max) => Locked(() => _map.FindDue(Now, max));

    /// <inheritdoc cref="ObservationMap.MarkWritten"/>
    public void MarkWritten(PlannedWrite write, string? uid) => Locked(() => _map.MarkWritten(write, uid, Now));

    /// <inheritdoc cref="ObservationMap.MarkFailed"/>
    public void MarkFailed(PlannedWrite write) => Locked(() => _map.MarkFailed(write, Now));

    /// <inheritdoc cref="ObservationMap.Forget(PlannedWrite)"/>
    public void Forget(PlannedWrite write) => Locked(() => _map.Forget(write));

    /// <inheritdoc cref="ObservationMap.Forget(ObjectKey, string)"/>
    public void Forget(ObjectKey key, string uid) => Locked(() => _map.Forget(key, uid));

    private void Locked(Action change)
    {
        lock (_lock)
        {
            change();
        }
    }

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }
}
