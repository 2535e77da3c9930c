namespace Wayleave.Kubernetes.Configuration;

/// <summary>A token that stands in the configuration itself.</summary>
public sealed class StaticTokenProvider(string token) : ITokenProvider
{
    public ValueTask<string> GetTokenAsync(bool refresh, CancellationToken cancellationToken) => ValueTask.FromResult(token);
}
