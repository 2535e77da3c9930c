namespace Wayleave.Enforcement;

/// <summary>What a server's name is a name of.</summary>
public enum ServerType
{
    /// <summary>A workload, of whatever kind.</summary>
    Workload,

    /// <summary>A Service.</summary>
    Service,
}
