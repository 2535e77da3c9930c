namespace Wayleave.Testing.Meaning;

/// <summary>Counts what was checked.</summary>
public sealed class Tally
{
    public int Clusters { get; set; }

    public int Steps { get; set; }

    public int Policies { get; set; }

    /// <summary>Connections in one direction that some policy or declaration restricts.</summary>
    public long Connections { get; set; }

    /// <summary>Of these, the ones that must be allowed.</summary>
    public long Allowed { get; set; }

    /// <summary>Of these, the ones that may be allowed or denied.</summary>
    public long Unsettled { get; set; }

    /// <summary>Statuses that report a target or a server as enforced.</summary>
    public long Enforced { get; set; }

    public override string ToString() =>
        $"{Clusters:N0} clusters, {Steps:N0} steps, {Policies:N0} policies, {Connections:N0} restricted connections ({Allowed:N0} allowed, {Unsettled:N0} unsettled), {Enforced:N0} statuses \"Enforced\"";
}
