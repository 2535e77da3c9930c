namespace Wayleave.Kubernetes;

/// <summary>An RBAC rule that a program needs.</summary>
/// <param name="Group">The API group. Empty for the core group.</param>
/// <param name="Resources">Plural, with the subresource after a slash.</param>
/// <param name="Verbs">Server-side apply needs <c>patch</c>, and also <c>create</c> if the object may not exist.</param>
public abstract record AccessRule(string Group, string[] Resources, string[] Verbs)
{
    /// <summary>The names of the objects that the rule is limited to. Empty for all objects.</summary>
    public string[] Names { get; init; } = [];

    /// <summary>The feature that needs it. The chart grants it only if the feature is on.</summary>
    public abstract string Feature { get; }
}
