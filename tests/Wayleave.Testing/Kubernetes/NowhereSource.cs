using k8s;
using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Testing.Kubernetes;

/// <summary>The configuration of a program whose clients are fakes.</summary>
public static class NowhereSource
{
    public static ConnectionSource Create() => new(
        new Uri("http://localhost:1/"),
        static () => new ConnectionSettings(new KubernetesClientConfiguration { Host = "http://localhost:1/" }, Authorities: null, ClientCertificate: null));
}
