namespace Wayleave.Testing.Kubernetes;

/// <summary>What <see cref="FakeApiServer"/> was asked.</summary>
/// <param name="Query">With its question mark, as it was sent; empty when there is none.</param>
/// <param name="Protocol">For example <c>HTTP/2</c>.</param>
public sealed record FakeApiRequest(string Method, string Path, string Query, string Protocol, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? ContentType => Headers.GetValueOrDefault("Content-Type");

    public string? Accept => Headers.GetValueOrDefault("Accept");

    public string? Authorization => Headers.GetValueOrDefault("Authorization");

    public string? UserAgent => Headers.GetValueOrDefault("User-Agent");

    public bool IsWatch => Query.Contains("watch=true", StringComparison.Ordinal);
}
