using Wayleave.Kubernetes.Events;
using Wayleave.Kubernetes.Informers;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Hosting;

/// <summary>Runs the informers and the recorder of Events beside the controllers.</summary>
internal sealed class InformerRunner(EventRecorder events, IUsageCounter usage)
{
    /// <summary>
    /// Runs until cancelled. If one of them fails, <paramref name="stop"/> is cancelled: a cache that is no longer updated must not be used
    /// for decisions, so everything stops in order and the program ends with that failure.
    /// </summary>
    public Task RunAsync(IReadOnlyList<IInformer> informers, CancellationTokenSource stop, CancellationToken cancellationToken) =>
        Task.WhenAll(
        informers.Select<IInformer, Func<CancellationToken, Task>>(informer => informer.RunAsync)
            .Append(events.RunAsync)
            .Select(run => Task.Run(() => GuardAsync(run, stop, cancellationToken), CancellationToken.None)));

    private async Task GuardAsync(Func<CancellationToken, Task> run, CancellationTokenSource stop, CancellationToken cancellationToken)
    {
        try
        {
            await run(cancellationToken);
        }
        catch (Exception error)
        {
            usage.CountError(ErrorComponent.Kubernetes, error.GetType());
            await stop.CancelAsync();
            throw;
        }
    }
}
