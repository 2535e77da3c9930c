using Wayleave.Api;
using Wayleave.Enforcement.Governance;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Events;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Metrics;
using Wayleave.Operator.Reconciling;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Hosting;

/// <summary>
/// Puts a member cluster together from the same parts as the local one, in a container of its own. Shared with it are only what has no
/// cluster: clock, options, metrics, logs, and the queues of the declarations' reports.
/// </summary>
internal sealed class MemberFactory(IServiceProvider host) : IMemberFactory
{
    // Short timeout: an unresponsive member must not block others.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);

    // Nor does one that is larger than the operator's memory, or says so.
    private const int MaxObjectsPerKind = 50_000;
    private const long LargestAnswer = 64 * 1024 * 1024;

    public MemberConnection Connect(ClusterCredentials credentials)
    {
        var clients = host.GetRequiredService<ApiClients>();
        var options = new KubernetesClientOptions
        {
            FieldManager = WayleaveLabels.FieldManager,
            RequestTimeout = _patience,
            LargestAnswer = LargestAnswer,
            QueriesPerSecond = host.GetRequiredService<OperatorOptions>().QueriesPerSecond,
        };
        var connection = new ApiServerConnection(
            credentials.Source,
            options,
            host.GetRequiredService<KubernetesMetrics>(),
            host.GetRequiredService<TimeProvider>(),
            () => clients.Elector?.IsLeader ?? true);
        return new MemberConnection(connection, new KubernetesClient(connection, ApiClients.Registry, options));
    }

    public MemberCluster Create(string name, string? uid, ClusterCredentials credentials, MemberConnection connection)
    {
        var intents = new FilteredStore<ClientIntents>(Indexers.OfIntents);
        var protections = new FilteredStore<ProtectedService>(Indexers.OfProtections);
        var enforcements = new FilteredStore<EnforcementPolicy>(new Dictionary<string, Func<EnforcementPolicy, IEnumerable<string>>>(StringComparer.Ordinal));
        var parts = Shared(name)
            .AddSingleton(_ => connection)
            .AddSingleton(connection.Client)
            .AddSingleton(provider => new InformerFactory(
                connection.Client, provider.GetRequiredService<EntityRegistry>(), provider.GetRequiredService<KubernetesMetrics>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>())
            {
                MaxObjects = MaxObjectsPerKind,
            })
            .AddSingleton(provider => new ClusterCache(
                provider.GetRequiredService<InformerFactory>(),
                provider.GetRequiredService<Installation>(),
                NetworkSettings.None,
                intents,
                protections,
                enforcements)
            {
                Name = name,
            })
            .AddEnforcement(ErrorComponent.Clusters, "member-", $" of cluster {name}")
            .BuildServiceProvider();
        parts.GetRequiredService<MemberConnection>();
        return new MemberCluster
        {
            Name = name,
            FirstUid = uid,
            Credentials = credentials,
            Client = connection.Client,
            Cache = parts.GetRequiredService<ClusterCache>(),
            Intents = intents,
            Protections = protections,
            Enforcements = enforcements,
            Board = parts.GetRequiredService<ResultStore>(),
            Router = parts.GetRequiredService<ChangeEventHandler>(),
            Controllers = [.. parts.GetServices<IController>()],
            Parts = parts,
        };
    }

    private ServiceCollection Shared(string name)
    {
        var services = new ServiceCollection();
        Share<TimeProvider>();
        Share<OperatorOptions>();
        Share<KubernetesMetrics>();
        Share<EntityRegistry>();
        Share<GovernanceDefaults>();
        Share<StatusQueues>();
        Share<IDomainResolver>();
        Share<DomainMetrics>();
        Share<WriteMetrics>();
        Share<Installation>();
        Share<IEventRecorder>();
        Share<IUsageCounter>();
        services.AddSingleton<ILoggerFactory>(new MemberLoggerFactory(host.GetRequiredService<ILoggerFactory>(), name));
        services.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        return services;

        void Share<T>()
            where T : class => services.AddSingleton(host.GetRequiredService<T>());
    }
}

/// <summary>Says in the category of each line which member cluster it is about.</summary>
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
