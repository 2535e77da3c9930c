using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>How <see cref="TestApi"/> differs from the plainest one.</summary>
internal sealed record TestApiOptions
{
    public KubernetesClientOptions Client { get; init; } = new() { FieldManager = "wayleave" };

    public ITokenProvider? Tokens { get; init; }

    public Func<bool>? MayWrite { get; init; }

    public bool WantClientCertificate { get; init; }

    public string BasePath { get; init; } = "";
}
