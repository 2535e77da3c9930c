namespace Wayleave.Telemetry.Identity;

/// <summary>Where the id of the cluster comes from. Asked at each start of a session and kept for its length.</summary>
public interface IContextIdSource
{
    /// <summary>
    /// Null if the cluster's UID may never be read (forbidden): a random id is used instead. An exception means "not now": nothing is
    /// sent until a later call succeeds.
    /// </summary>
    Task<ContextId?> ReadAsync(CancellationToken cancellationToken);
}
