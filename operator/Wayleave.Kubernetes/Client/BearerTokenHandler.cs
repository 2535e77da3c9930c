using System.Net;
using System.Net.Http.Headers;
using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Kubernetes.Client;

/// <summary>Adds the bearer token. A 401 makes it ask once for a newer one: tokens of pods are short-lived and replaced on disk.</summary>
internal sealed class BearerTokenHandler(ITokenProvider tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await AuthorizeAsync(request, refresh: false, cancellationToken);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        if (await AuthorizeAsync(request, refresh: true, cancellationToken) == token)
        {
            return response;
        }

        response.Dispose();
        return await base.SendAsync(request, cancellationToken);
    }

    private async Task<string> AuthorizeAsync(HttpRequestMessage request, bool refresh, CancellationToken cancellationToken)
    {
        try
        {
            var token = await tokens.GetTokenAsync(refresh, cancellationToken);
            if (!BearerToken.CanBeSent(token))
            {
                throw new HttpRequestException("The bearer token has a space, a line break or another character that no token has.");
            }

            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return token;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new HttpRequestException($"The bearer token cannot be read: {error.Message}", error);
        }
    }
}
