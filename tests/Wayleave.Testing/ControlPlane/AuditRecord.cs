namespace Wayleave.Testing.ControlPlane;

/// <summary>One request that the API server has answered. Empty text where the request has no such part.</summary>
/// <param name="Verb">The verb of the API: <c>get list watch create update patch delete deletecollection</c>. Server-side apply is a patch.</param>
/// <param name="Group">Empty for the core group.</param>
/// <param name="Name">Empty for lists.</param>
/// <param name="Code">The HTTP status.</param>
public sealed record AuditRecord(
    string Verb,
    string User,
    string UserAgent,
    string Group,
    string Resource,
    string Subresource,
    string Namespace,
    string Name,
    int Code,
    DateTimeOffset Received)
{
    /// <summary>Whether it is a write request. <see cref="Code"/> says whether it succeeded.</summary>
    public bool IsWrite => Verb is "create" or "update" or "patch" or "delete" or "deletecollection";
}
