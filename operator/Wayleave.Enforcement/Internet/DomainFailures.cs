namespace Wayleave.Enforcement.Internet;

/// <summary>Why a name could not be looked up. Closed, as a resolver's own text is not ours to show.</summary>
public static class DomainFailures
{
    /// <summary>The name does not exist, or has no address.</summary>
    public const string NotFound = "there is no such name, or it has no address";

    /// <summary>The resolver did not answer, or answered that it failed.</summary>
    public const string ResolverFailed = "the resolver does not answer";
}
