using Wayleave.Kubernetes.Client;

namespace Wayleave.Operator.Clusters;

/// <summary>A connection to a member cluster, before or without anything being done there.</summary>
internal sealed record MemberConnection(IDisposable Connection, IKubernetesClient Client) : IDisposable
{
    public void Dispose() => Connection.Dispose();
}
