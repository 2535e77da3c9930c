namespace Wayleave.Enforcement.Policies;

/// <summary>Which way a policy looks.</summary>
public enum PolicyDirection
{
    /// <summary>Who may call a server.</summary>
    Ingress,

    /// <summary>Whom a client may call.</summary>
    Egress,
}
