namespace Wayleave.Enforcement;

/// <summary>The type of a subject. It implies the direction of its policies.</summary>
public enum SubjectType
{
    /// <summary>A workload that is called, of whatever kind.</summary>
    Workload,

    /// <summary>A Service that is called.</summary>
    Service,

    /// <summary>A workload that calls, of whatever kind.</summary>
    Client,
}
