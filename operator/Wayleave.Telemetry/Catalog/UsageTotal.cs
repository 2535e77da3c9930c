namespace Wayleave.Telemetry.Catalog;

/// <summary>What the <c>total</c> attribute of an event's records means.</summary>
public enum UsageTotal
{
    /// <summary>Its records carry no total.</summary>
    None,

    /// <summary>How many there are now, as the emitter last said; left out until it has said so once.</summary>
    Current,

    /// <summary>How many there were since the installation began.</summary>
    Cumulative,
}
