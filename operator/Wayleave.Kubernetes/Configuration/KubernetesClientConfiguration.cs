using System.Security.Cryptography.X509Certificates;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>How to reach one API server and as whom.</summary>
public sealed record KubernetesClientConfiguration
{
    /// <summary>The API server's base address, with a trailing slash.</summary>
    public required Uri Host { get; init; }

    /// <summary>The authorities that may sign the API server's certificate; null for those of the system.</summary>
    public X509Certificate2Collection? SslCaCerts { get; init; }

    /// <summary>The name to expect in the certificate when it is not the host's.</summary>
    public string? TlsServerName { get; init; }

    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>
    /// The files that <see cref="SslCaCerts"/> and <see cref="ClientCertificate"/> are from, so that they are read again when they are
    /// replaced; null if they are from none.
    /// </summary>
    public TlsFiles? TlsFiles { get; init; }

    public ITokenProvider? TokenProvider { get; init; }

    /// <summary>The context's namespace, or the pod's own.</summary>
    public string? Namespace { get; init; }

    public string UserAgent { get; init; } = "wayleave";
}
