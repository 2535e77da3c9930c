using Wayleave.Kubernetes.Informers;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>An informer that runs a function of the test.</summary>
internal sealed class FakeInformer(Func<CancellationToken, Task> run) : IInformer
{
    public string Resource { get; init; } = "things";

    public bool HasSynced { get; set; } = true;

    public Task WaitForSyncAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RunAsync(CancellationToken cancellationToken) => run(cancellationToken);
}
