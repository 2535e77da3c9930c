using System.Net;
using System.Net.Http.Headers;
using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Kubernetes.Client;

/// <summary>Adds the bearer token. A 401 makes it ask once for a newer one: tokens of pods are short-lived and replaced on disk.</summary>
internal sealed class BearerTokenHandler(ITokenProvider tokens) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await tokens.GetTokenAsync(refresh: false, cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return response;
        }

        var newer = await tokens.GetTokenAsync(refresh: true, cancellationToken);
        if (newer == token)
        {
            return response;
        }

        response.Dispose();
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", newer);
        return await base.SendAsync(request, cancellationToken);
    }
}
