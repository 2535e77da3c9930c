using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>The history of an API server: deletions by kind, and the position from which they are kept.</summary>
internal sealed class FakeObjectHistory : IObjectHistoryReader
{
    private readonly Dictionary<CountedKind, List<DeletedObject>> _deaths = [];

    /// <summary>Deletions up to this position are forgotten.</summary>
    public long KeptFrom { get; set; }

    public void Add(CountedKind kind, DeletedObject death)
    {
        if (!_deaths.TryGetValue(kind, out var deaths))
        {
            _deaths[kind] = deaths = [];
        }

        deaths.Add(death);
    }

    public Task<ObjectHistory> ReadAsync(CountedKind kind, long after, long upTo, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var deaths = _deaths.GetValueOrDefault(kind, []).Where(death => death.Position > Math.Max(after, KeptFrom) && death.Position <= upTo).ToList();
        return Task.FromResult(new ObjectHistory(deaths, IsWhole: after >= KeptFrom));
    }
}
