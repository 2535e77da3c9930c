using System.Text;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Tests.Meaning;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Clusters;

/// <summary>Member clusters in memory, found by the host of their kubeconfig.</summary>
internal sealed class FakeMembers
{
    private readonly Dictionary<string, RecordedClient> _clients = new(StringComparer.Ordinal);

    /// <summary>Adds a member that is reached at one or more hosts.</summary>
    public RecordedClient Add(IKubernetesClient cluster, params IReadOnlyList<string> hosts)
    {
        var client = new RecordedClient(cluster);
        foreach (var host in hosts)
        {
            _clients[host] = client;
        }

        return client;
    }

    /// <summary>Makes the host unreachable.</summary>
    public void Unplug(string host) => _clients[host] = new RecordedClient(new Unreachable());

    /// <summary>A cluster with cart and checkout. The UIDs of its objects differ from those of clusters with other numbers.</summary>
    public static FakeCluster Cluster(int number) => Shop.Cluster(number);

    /// <summary>Creates a Cluster in the hub, with or without its Secret.</summary>
    public static void Register(FakeCluster hub, string name, string host, bool withSecret = true)
    {
        if (withSecret)
        {
            PutSecret(hub, name, host);
        }

        hub.User.Put(new Cluster
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new ClusterSpec { KubeconfigSecretRef = new KubeconfigSecretRef { Name = name } },
        });
    }

    public static void PutSecret(FakeCluster hub, string name, string host)
    {
        PutKubeconfig(hub, name, $"contexts: [{{name: a, context: {{cluster: a, user: a}}}}]\nclusters: [{{name: a, cluster: {{server: \"https://{host}:6443\"}}}}]\nusers: [{{name: a, user: {{token: t}}}}]\n");
    }

    /// <summary>Replaces the Secret by one with this kubeconfig, which may be any text.</summary>
    public static void PutKubeconfig(FakeCluster hub, string name, string kubeconfig)
    {
        hub.User.Delete<V1Secret>(Names.OperatorNamespace, name);
        hub.User.Put(new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Names.OperatorNamespace },
            Data = new Dictionary<string, byte[]> { ["kubeconfig"] = Encoding.UTF8.GetBytes(kubeconfig) },
        });
    }

    public IMemberFactory Wrap(IMemberFactory inner) => new Factory(this, inner);

    private sealed class Factory(FakeMembers members, IMemberFactory inner) : IMemberFactory
    {
        public MemberConnection Connect(ClusterCredentials credentials) =>
            new(new HttpClient(), members._clients.TryGetValue(credentials.Source.Address.Host, out var client)
                ? client
                : throw new InvalidOperationException($"no member at {credentials.Source.Address}"));

        public MemberCluster Create(string name, string? uid, ClusterCredentials credentials, MemberConnection connection) =>
            inner.Create(name, uid, credentials, connection);
    }

    private sealed class Unreachable : FakeKubernetesClient
    {
        public override Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken) => throw new HttpRequestException(HttpRequestError.ConnectionError);

        public override Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
            where TEntity : class => throw new HttpRequestException(HttpRequestError.ConnectionError);
    }
}
