using Wayleave.Hosting;
using Wayleave.Kubernetes.Events;
using Wayleave.Kubernetes.Informers;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Hosting;

/// <summary>Runs the informers and the recorder of Events beside the controllers.</summary>
internal sealed class InformerRunner(EventRecorder events, IUsageCounter usage)
{
    /// <summary>Runs until canceled. If one of them fails, <paramref name="stop"/> is canceled, and the failure is counted.</summary>
    public Task RunAsync(IReadOnlyList<IInformer> informers, CancellationTokenSource stop, CancellationToken cancellationToken) =>
        BackgroundTasks.RunAsync(
            informers.Select<IInformer, Func<CancellationToken, Task>>(informer => informer.RunAsync).Append(events.RunAsync),
            stop,
            error => usage.CountError(ErrorComponent.Kubernetes, error.GetType()),
            cancellationToken);
}
