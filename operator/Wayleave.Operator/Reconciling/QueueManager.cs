namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Opens the queues of the local cluster while this process leads. A standby receives the same changes; without this its queues would
/// fill up, because no worker runs.
/// </summary>
internal sealed class QueueManager(ChangeEventHandler changes, DeclarationEventHandler declarations, StatusQueues queues, PolicyQueues subjects)
{
    /// <summary>Accepts keys from now on, and enqueues everything that the caches hold.</summary>
    public void Start()
    {
        queues.Resume();
        subjects.Resume();
        changes.EnqueueAll();
        declarations.EnqueueAll();
    }

    /// <summary>Ignores new keys until the next start.</summary>
    public void Stop()
    {
        queues.Pause();
        subjects.Pause();
    }
}
