namespace Wayleave.Kubernetes.Controllers;

/// <summary>A controller of whatever key: what the host needs of it.</summary>
public interface IController
{
    string Name { get; }

    /// <summary>How long the work that has been going on for longest has taken; zero when there is none.</summary>
    TimeSpan LongestRunning { get; }

    /// <summary>
    /// Works until <paramref name="drain"/>, then finishes what is being worked on; <paramref name="abort"/> ends that too. A key whose work
    /// was ended early goes back into the queue. May be run again afterwards.
    /// </summary>
    Task RunAsync(CancellationToken drain, CancellationToken abort);
}
