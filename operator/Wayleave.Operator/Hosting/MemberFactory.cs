using Wayleave.Api;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Hosting;

/// <summary>
/// Makes member clusters. A member has the same components as the local cluster, with its own connection, caches, queues and controllers.
/// </summary>
internal sealed class MemberFactory(
    SharedComponents shared, ApiClients clients, InformerFactory informers, Installation installation, KubernetesTracing tracing,
    ILoggerFactory loggers) : IMemberFactory
{
    // An unresponsive member must not block others.
    private static readonly TimeSpan _requestTimeout = TimeSpan.FromSeconds(10);

    // A member must not exhaust the memory of the operator.
    private const int MaxObjectsPerKind = 50_000;
    private const long MaxResponseBytes = 64 * 1024 * 1024;

    public MemberConnection Connect(ClusterCredentials credentials) =>
        clients.ConnectMember(
            credentials.Source, options => options with { RequestTimeout = _requestTimeout, MaxResponseBytes = MaxResponseBytes });

    public MemberCluster Create(string name, string? uid, ClusterCredentials credentials, MemberConnection connection)
    {
        var named = new MemberLoggerFactory(loggers, name);
        var intents = new FilteredStore<ClientIntents>(Indexers.ForIntents);
        var protections = new FilteredStore<ProtectedService>(Indexers.ForProtections);
        var enforcements = new FilteredStore<EnforcementPolicy>(
            new Dictionary<string, Func<EnforcementPolicy, IEnumerable<string>>>(StringComparer.Ordinal));
        var member = informers.ForMember(
            connection.Client, MaxObjectsPerKind,
            (resource, reason) => shared.Reports.Recorder.WatchRelisted(resource, reason, name), named);
        var cache = new ClusterCache(member, installation, NetworkSettings.None, intents, protections, enforcements)
        {
            Name = name,
        };
        var client = tracing.Trace(connection.Client, ApiClients.Registry, name);
        var components = new ClusterComponents(client, cache, shared, named, observed: null);
        components.AttachHandlers();
        return new MemberCluster(components, connection)
        {
            Name = name,
            ConnectedUid = uid,
            Credentials = credentials,
            Intents = intents,
            Protections = protections,
            Enforcements = enforcements,
        };
    }
}

/// <summary>Adds the name of the member cluster to the log category.</summary>
internal sealed class MemberLoggerFactory(ILoggerFactory loggers, string name) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => loggers.CreateLogger($"{categoryName}[{name}]");

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("Providers are the program's.");

    /// <summary>The loggers are the program's.</summary>
    public void Dispose()
    {
        // Nothing is held.
    }
}
