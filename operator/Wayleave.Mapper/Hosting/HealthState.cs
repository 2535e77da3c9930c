using Wayleave.Kubernetes.Informers;
using Wayleave.Mapper.Observing;

namespace Wayleave.Mapper.Hosting;

/// <summary>
/// The state of the readiness probe: ready while this process takes batches. A standby is not, so that its Service sends batches to the
/// leader only. The liveness probe has no state, because a slow API server must not restart the mapper.
/// </summary>
internal sealed class HealthState(MapState state)
{
    private volatile string _waitReason = "waiting for the API server";
    private volatile IReadOnlyList<IInformer>? _informers;

    /// <summary>The caches cannot sync yet.</summary>
    /// <param name="obstacle">The reason and the fix.</param>
    public void SetWaiting(string obstacle) => _waitReason = $"waiting: {obstacle}";

    /// <summary>The informers have been started.</summary>
    public void SetInformers(IReadOnlyList<IInformer> informers) => _informers = informers;

    /// <summary>Why it is not ready. Null if it is ready.</summary>
    public string? GetNotReadyReason()
    {
        if (_informers is not { } informers)
        {
            return _waitReason;
        }

        var missing = informers.Where(informer => !informer.HasSynced).Select(informer => informer.Resource).ToList();
        return missing.Count > 0 ? $"waiting for the first list of {string.Join(", ", missing)}"
            : state.Term is not null ? null
            : $"not leading: waiting for the lease {MapperClients.Name} and the stored map";
    }
}
