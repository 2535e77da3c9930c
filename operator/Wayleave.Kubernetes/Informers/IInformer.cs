namespace Wayleave.Kubernetes.Informers;

/// <summary>An informer of whatever kind: what the host needs of it.</summary>
public interface IInformer
{
    /// <summary>The resource it watches, plural and lower case.</summary>
    string Resource { get; }

    /// <summary>Whether the store has held a complete list.</summary>
    bool HasSynced { get; }

    /// <summary>Completes with the first complete list.</summary>
    Task SyncedAsync(CancellationToken cancellationToken);

    /// <summary>Lists and watches until cancelled. Call once.</summary>
    Task RunAsync(CancellationToken cancellationToken);
}
