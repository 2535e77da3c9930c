using Wayleave.Ingest;
using Wayleave.Mapper.Observing;

namespace Wayleave.Mapper.Caching;

/// <inheritdoc cref="IPodDirectory"/>
internal sealed class PodDirectory(MapState state) : IPodDirectory
{
    /// <summary>
    /// Whether this replica takes batches: the Pods are listed, and it leads. A standby checks none, so that it acknowledges none.
    /// </summary>
    public bool HasSynced => state.Term is not null;

    public string? FindNode(Guid podUid) => state.FindNode(podUid);

    /// <summary>False for a Pod that is only remembered.</summary>
    public bool Exists(Guid podUid) => state.Exists(podUid);
}
