namespace Wayleave.Testing.Operators;

/// <summary>The log messages that tests wait for, in one place.</summary>
public static class LogMessages
{
    public const string BecameLeader = "Became leader";

    public const string LostLeadership = "Lost leadership";

    public const string KeepsFailing = "keeps failing";
}
