namespace Wayleave.Telemetry.Catalog;

/// <summary>What an event is about. <see cref="Error"/> has a switch of its own; the other two share the usage switch.</summary>
public enum UsageClass
{
    /// <summary>That a feature was used, and how much.</summary>
    Usage,

    /// <summary>That something failed.</summary>
    Error,

    /// <summary>That an administrator changed what the operator enforces, or where.</summary>
    Audit,
}
