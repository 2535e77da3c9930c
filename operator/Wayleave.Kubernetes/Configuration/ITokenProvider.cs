namespace Wayleave.Kubernetes.Configuration;

/// <summary>Where a bearer token comes from.</summary>
public interface ITokenProvider
{
    /// <summary>The token of now. <paramref name="refresh"/> asks past any cache: the last one was refused.</summary>
    ValueTask<string> GetTokenAsync(bool refresh, CancellationToken cancellationToken);
}

/// <summary>What all bearer tokens have in common.</summary>
internal static class BearerToken
{
    /// <summary>Whether it can stand in a header. A message about one that cannot must not show it.</summary>
    public static bool CanBeSent(string token) => token.All(static letter => letter is > ' ' and <= '~');
}
