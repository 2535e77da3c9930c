using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Informers;

namespace Wayleave.Operator.Hosting;

/// <summary>What the probes answer. Ready: all caches have synced. Healthy: no worker has been busy with one key for too long.</summary>
internal sealed class HealthState(IEnumerable<IController> controllers)
{
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(2);
    private readonly IReadOnlyList<IController> _controllers = [.. controllers];
    private volatile IReadOnlyList<IInformer>? _informers;

    /// <summary>Called when the informers have been started.</summary>
    public void Started(IReadOnlyList<IInformer> informers) => _informers = informers;

    /// <summary>Why it is not ready; null when it is.</summary>
    public string? NotReady()
    {
        if (_informers is not { } informers)
        {
            return "waiting for the API server and the CRDs";
        }

        var missing = informers.Where(informer => !informer.HasSynced).Select(informer => informer.Resource).ToList();
        return missing.Count == 0 ? null : $"waiting for the first list of {string.Join(", ", missing)}";
    }

    /// <summary>Why it is not healthy; null when it is.</summary>
    public string? NotHealthy() =>
        _controllers.FirstOrDefault(controller => controller.LongestRunning > Stuck) is { } stuck
            ? $"a worker of {stuck.Name} has been busy with one key for {stuck.LongestRunning.TotalSeconds:0} seconds"
            : null;
}
