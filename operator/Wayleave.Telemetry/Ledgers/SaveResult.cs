namespace Wayleave.Telemetry.Ledgers;

/// <summary>How a save ended.</summary>
internal enum SaveResult
{
    Saved,

    /// <summary>Another replica stored meanwhile.</summary>
    Conflict,

    Failed,
}
