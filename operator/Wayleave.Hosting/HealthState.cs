using Wayleave.Kubernetes.Informers;

namespace Wayleave.Hosting;

/// <summary>
/// The state of the readiness probe: ready once all caches have synced. The liveness probe has no state, because a slow API server must not
/// restart a program.
/// </summary>
/// <param name="getOtherReason">Why the program is not ready although all caches have synced. Null if it is.</param>
public sealed class HealthState(Func<string?>? getOtherReason = null)
{
    private volatile string _waitReason = "waiting for the API server";
    private volatile IReadOnlyList<IInformer>? _informers;

    /// <summary>The caches cannot sync yet.</summary>
    /// <param name="reason">What the program waits for, and the fix.</param>
    public void SetWaiting(string reason) => _waitReason = $"waiting: {reason}";

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
        return missing.Count == 0 ? getOtherReason?.Invoke() : $"waiting for the first list of {string.Join(", ", missing)}";
    }
}
