namespace Wayleave.Api;

/// <summary>What became of one target of a <see cref="ClientIntents"/>.</summary>
public static class TargetStates
{
    /// <summary>The call is allowed by a policy that is in force.</summary>
    public const string Enforced = "Enforced";

    /// <summary>Something is awaited that may come by itself.</summary>
    public const string Pending = "Pending";

    /// <summary>The policy was computed and, on purpose, not written.</summary>
    public const string Shadow = "Shadow";

    /// <summary>Nothing is enforced in the server's namespace, on purpose.</summary>
    public const string Disabled = "Disabled";

    /// <summary>The declaration is understood, and this version cannot enforce it. It fails nothing else.</summary>
    public const string NotSupported = "NotSupported";

    /// <summary>Someone has to change something first; the reason and the message say what.</summary>
    public const string Failed = "Failed";
}
