using Wayleave.Kubernetes.Informers;

namespace Wayleave.Operator.Hosting;

/// <summary>
/// What the readiness probe answers: ready once all caches have synced. Liveness has no state: that the process answers is what it says.
/// How long a request to some API server takes must never restart the operator, which acts in other clusters too; a worker that is busy for
/// long shows in <c>workqueue_longest_running_processor_seconds</c>.
/// </summary>
internal sealed class HealthState
{
    private volatile string _obstacle = "waiting for the API server";
    private volatile IReadOnlyList<IInformer>? _informers;

    /// <summary>The caches cannot be filled yet.</summary>
    /// <param name="obstacle">Why, and what to do about it.</param>
    public void Waiting(string obstacle) => _obstacle = $"waiting: {obstacle}";

    /// <summary>Called when the informers have been started.</summary>
    public void Started(IReadOnlyList<IInformer> informers) => _informers = informers;

    /// <summary>Why it is not ready; null when it is.</summary>
    public string? NotReady()
    {
        if (_informers is not { } informers)
        {
            return _obstacle;
        }

        var missing = informers.Where(informer => !informer.HasSynced).Select(informer => informer.Resource).ToList();
        return missing.Count == 0 ? null : $"waiting for the first list of {string.Join(", ", missing)}";
    }
}
