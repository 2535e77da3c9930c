namespace Wayleave.Kubernetes;

/// <summary>A rule of RBAC that a program needs.</summary>
/// <param name="Group">Of the API; empty for the core group.</param>
/// <param name="Resources">Plural, with the subresource after a slash.</param>
/// <param name="Verbs">Server-side apply is <c>patch</c>, and <c>create</c> where it makes what was not there.</param>
public abstract record AccessRule(string Group, string[] Resources, string[] Verbs)
{
    /// <summary>The only objects it is for; empty for all.</summary>
    public string[] Names { get; init; } = [];

    /// <summary>The feature that needs it. The chart grants it only if the feature is on.</summary>
    public abstract string Feature { get; }
}
