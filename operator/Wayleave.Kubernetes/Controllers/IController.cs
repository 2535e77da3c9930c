namespace Wayleave.Kubernetes.Controllers;

/// <summary>A controller of whatever key: what the host needs of it.</summary>
public interface IController
{
    string Name { get; }

    /// <summary>
    /// Works until <paramref name="drain"/>, then finishes what is being worked on; <paramref name="abort"/> ends that too. A key whose work
    /// was ended early goes back into the queue. May be run again afterwards.
    /// </summary>
    Task RunAsync(CancellationToken drain, CancellationToken abort);
}
