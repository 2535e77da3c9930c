using System.Net;
using k8s;
using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Testing.Kubernetes;

/// <summary>The client library's HTTP pipeline for a kubeconfig, for handwritten requests.</summary>
public static class RawClient
{
    /// <summary>The caller disposes it; its <c>HttpClient</c> takes paths relative to the API server.</summary>
    /// <param name="kubeconfig">The path of a kubeconfig.</param>
    /// <param name="userAgent">The user agent of the caller in the audit log.</param>
    public static k8s.Kubernetes Open(string kubeconfig, string userAgent)
    {
        var configuration = (KubeConfigFile.Read(kubeconfig) with { UserAgent = userAgent }).Build();
        var client = new k8s.Kubernetes(configuration, new CredentialsHandler(configuration));
        client.HttpClient.BaseAddress = client.BaseUri;
        client.HttpClient.DefaultRequestVersion = HttpVersion.Version20;
        return client;
    }

    private sealed class CredentialsHandler(KubernetesClientConfiguration configuration) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (k8s.Kubernetes.CreateCredentials(configuration) is { } credentials)
            {
                await credentials.ProcessHttpRequestAsync(request, cancellationToken);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
