namespace Wayleave.Enforcement.Status;

/// <summary>What an object's conditions add up to.</summary>
internal enum Progress
{
    Done,

    /// <summary>Something may come by itself.</summary>
    Awaiting,

    /// <summary>Stopped on purpose: not ready, and neither reconciling nor stalled.</summary>
    Paused,

    /// <summary>Someone has to act. It outweighs what else is awaited: a tool that waits should not wait for that.</summary>
    Stalled,
}
