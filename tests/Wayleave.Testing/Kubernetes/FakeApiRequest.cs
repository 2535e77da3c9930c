namespace Wayleave.Testing.Kubernetes;

/// <summary>A request that <see cref="FakeApiServer"/> received.</summary>
/// <param name="Query">The query as it was sent, with its question mark. Empty for none.</param>
/// <param name="Protocol">For example <c>HTTP/2</c>.</param>
public sealed record FakeApiRequest(string Method, string Path, string Query, string Protocol, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? ContentType => Headers.GetValueOrDefault("Content-Type");

    public string? Accept => Headers.GetValueOrDefault("Accept");

    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    public string? UserAgent => Headers.GetValueOrDefault("User-Agent");

    public bool IsWatch => Query.Contains("watch=true", StringComparison.Ordinal);
}
