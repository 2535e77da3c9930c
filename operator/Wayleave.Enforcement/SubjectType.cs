namespace Wayleave.Enforcement;

/// <summary>What a subject's name is a name of, and which way its policies look.</summary>
public enum SubjectType
{
    /// <summary>A workload that is called, of whatever kind.</summary>
    Workload,

    /// <summary>A Service that is called.</summary>
    Service,

    /// <summary>A workload that calls, of whatever kind.</summary>
    Client,
}
