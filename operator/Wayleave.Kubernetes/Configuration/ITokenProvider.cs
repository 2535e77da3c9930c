namespace Wayleave.Kubernetes.Configuration;

/// <summary>Where a bearer token comes from.</summary>
public interface ITokenProvider
{
    /// <summary>The token of now. <paramref name="refresh"/> asks past any cache: the last one was refused.</summary>
    ValueTask<string> GetTokenAsync(bool refresh, CancellationToken cancellationToken);
}
