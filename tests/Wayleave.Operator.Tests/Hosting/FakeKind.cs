using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Hosting;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>A kind whose controller runs until a test ends it. It records the calls that it receives.</summary>
internal sealed class FakeKind(List<string> calls) : IKindController, IController
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Called when its handler is attached.</summary>
    public Action? Attached { get; init; }

    /// <summary>Whether it has no key in progress, so that it ends as soon as it drains.</summary>
    public bool IsIdle { get; init; } = true;

    /// <summary>Canceled when the controller must finish the keys in progress and stop.</summary>
    public CancellationToken Drain { get; private set; }

    /// <summary>Canceled when the controller must abort the keys in progress.</summary>
    public CancellationToken Abort { get; private set; }

    public string Name => "things";

    public IController Controller => this;

    public void AttachHandler()
    {
        calls.Add("attach");
        Attached?.Invoke();
    }

    public void EnqueueAll() => calls.Add("enqueue all");

    public void ResumeQueue() => calls.Add("resume");

    public void PauseQueue() => calls.Add("pause");

    /// <summary>Finishes the keys in progress.</summary>
    public void Finish() => _ended.TrySetResult();

    /// <summary>Makes the controller fail.</summary>
    public void Fail(Exception error) => _ended.TrySetException(error);

    public async Task RunAsync(CancellationToken drain, CancellationToken abort)
    {
        (Drain, Abort) = (drain, abort);
        calls.Add("run");
        await using var aborted = abort.Register(Finish);
        await using var drained = drain.Register(() =>
        {
            if (IsIdle)
            {
                Finish();
            }
        });
        await _ended.Task;
        calls.Add("end");
    }
}
