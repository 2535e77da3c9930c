using Wayleave.Ingest;

namespace Wayleave.Mapper.Tests.Ingestion;

/// <summary>Pods and their nodes, which remembers deleted Pods like the directory of the mapper.</summary>
internal sealed class FakePods : IPodDirectory
{
    public Dictionary<Guid, string> Nodes { get; } = [];

    public HashSet<Guid> Deleted { get; } = [];

    public bool HasSynced { get; set; } = true;

    public string? FindNode(Guid podUid) => Nodes.GetValueOrDefault(podUid);

    public bool Exists(Guid podUid) => Nodes.ContainsKey(podUid) && !Deleted.Contains(podUid);
}

/// <summary>Remembers the batches that were accepted.</summary>
internal sealed class AcceptedBatches : IBatchHandler
{
    private readonly Lock _lock = new();
    private readonly List<AcceptedBatch> _batches = [];

    public IReadOnlyList<AcceptedBatch> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _batches];
            }
        }
    }

    public Guid? Term { get; set; } = Guid.NewGuid();

    public bool TryHandle(AcceptedBatch batch, Guid term)
    {
        lock (_lock)
        {
            if (term != Term)
            {
                return false;
            }

            _batches.Add(batch);
            return true;
        }
    }
}
