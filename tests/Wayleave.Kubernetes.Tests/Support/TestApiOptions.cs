using k8s;
using k8s.Authentication;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>The options of a <see cref="TestApi"/>.</summary>
internal sealed record TestApiOptions
{
    public KubernetesClientOptions Client { get; init; } = new() { FieldManager = "wayleave" };

    public string? Token { get; init; }

    public string? TokenFile { get; init; }

    public Func<bool>? MayWrite { get; init; }

    public bool WantClientCertificate { get; init; }

    public bool DisableHttp2 { get; init; }

    public string BasePath { get; init; } = "";

    public ConnectionSource Source(Uri address, TestCertificates certificates) => new(
        address,
        () => new ConnectionSettings(
            new KubernetesClientConfiguration
            {
                Host = address.ToString(),
                AccessToken = Token,
                DisableHttp2 = DisableHttp2,
                TokenProvider = TokenFile is null ? null : new TokenFileAuth(TokenFile),
            },
            certificates.Authorities,
            WantClientCertificate ? certificates.Client : null))
    {
        TokenFile = TokenFile,
    };
}
