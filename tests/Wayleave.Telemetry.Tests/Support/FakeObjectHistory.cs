using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>The history of an API server: deletions by kind, and the position from which they are kept.</summary>
internal sealed class FakeObjectHistory : IObjectHistoryReader
{
    private readonly Dictionary<CountedKind, List<DeletedObject>> _deleted = [];

    /// <summary>Deletions up to this position have expired.</summary>
    public long KeptFrom { get; set; }

    public void Add(CountedKind kind, DeletedObject entry)
    {
        if (!_deleted.TryGetValue(kind, out var deleted))
        {
            _deleted[kind] = deleted = [];
        }

        deleted.Add(entry);
    }

    public Task<ObjectHistory> ReadAsync(CountedKind kind, long after, long upTo, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var deleted = _deleted.GetValueOrDefault(kind, []).Where(entry => entry.Position > Math.Max(after, KeptFrom) && entry.Position <= upTo).ToList();
        return Task.FromResult(new ObjectHistory(deleted, IsComplete: after >= KeptFrom));
    }
}
