namespace Wayleave.Operator.Permissions;

/// <summary>A rule of RBAC that the operator needs.</summary>
/// <param name="Group">Of the API; empty for the core group.</param>
/// <param name="Resources">Plural, with the subresource after a slash.</param>
/// <param name="Verbs">Server-side apply is <c>patch</c>, and <c>create</c> where it makes what was not there.</param>
internal sealed record Permission(string Group, string[] Resources, string[] Verbs)
{
    /// <summary>The only objects it is for; empty for all.</summary>
    public string[] Names { get; init; } = [];

    public PermissionUse Use { get; init; }
}
