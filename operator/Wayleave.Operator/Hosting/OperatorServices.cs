using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Events;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Metrics;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Telemetry;
using Wayleave.Telemetry;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Profile;

namespace Wayleave.Operator.Hosting;

/// <summary>Puts the program together.</summary>
internal static class OperatorServices
{
    public static IServiceCollection AddOperator(
        this IServiceCollection services, OperatorOptions options, ConnectionSource source) => services
        .AddMetrics()
        .AddSingleton(options)
        .AddSingleton(source)
        .AddSingleton(TimeProvider.System)
        .AddSingleton(options.Governance)
        .AddSingleton(new EventSource("wayleave.dev/operator", options.Instance))
        .AddCluster()
        .AddEnforcement(ErrorComponent.Enforcement)
        .AddReconciling(options)
        .AddClusters()
        .AddDomains(options)
        .AddTelemetry(options)
        .AddSingleton<HealthState>()
        .AddSingleton<HttpEndpoints>()
        .AddSingleton(_ => PrometheusExport.Collect(KubernetesMetrics.MeterName, OperatorMetrics.MeterName))
        .AddSingleton<OperatorMetrics>()
        .AddSingleton<EnforcementMetrics>()
        .AddSingleton<NamespaceCheck>()
        .AddSingleton<ApiServerReadiness>()
        .AddSingleton<LeaderTermState>()
        .AddSingleton<LeaderTasks>()
        .AddSingleton<InformerRunner>()
        .AddSingleton<OperatorService>()
        .AddHostedService(provider => provider.GetRequiredService<OperatorService>());

    private static IServiceCollection AddCluster(this IServiceCollection services) => services
        .AddSingleton<KubernetesMetrics>()
        .AddSingleton<OperatorDeployment>()
        .AddSingleton<ApiClients>()
        .AddSingleton(provider => provider.GetRequiredService<ApiClients>().Client)
        .AddSingleton(ApiClients.Registry)
        .AddSingleton(Informers)
        .AddSingleton<DeclarationCache>()
        .AddSingleton(LocalCluster)
        .AddSingleton<EventRecorder>()
        .AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());

    private static IServiceCollection AddReconciling(this IServiceCollection services, OperatorOptions options) => services
        .AddSingleton<StatusQueues>()
        .AddSingleton<QueueManager>()
        .AddSingleton<ConditionEventRecorder>()
        .AddSingleton<WriteMetrics>()
        .AddSingleton<StatusConflicts>()
        .AddSingleton<StatusApplier>()
        .AddSingleton<StatusWriter>()
        .AddSingleton<StatusReporterSelector>()
        .AddSingleton<SecondInstallation>()
        .AddSingleton<IntentsReconciler>()
        .AddSingleton<ProtectedServiceReconciler>()
        .AddSingleton<EnforcementPolicyReconciler>()
        .AddSingleton<KafkaServerConfigReconciler>()
        .AddSingleton(Declarations)
        .AddControllers(options);

    private static IServiceCollection AddClusters(this IServiceCollection services) => services
        .AddSingleton<ClusterDirectory>()
        .AddSingleton<ClusterResults>()
        .AddSingleton<Installation>()
        .AddSingleton<KubeconfigSecrets>()
        .AddSingleton<IMemberFactory, MemberFactory>()
        .AddSingleton<ClusterFinalizer>()
        .AddSingleton<ClusterConnector>()
        .AddSingleton<ClusterCleanup>()
        .AddSingleton<ClusterReporter>()
        .AddSingleton<ClusterReconciler>()
        .AddSingleton(Members)
        .AddSingleton(Clusters);

    private static IServiceCollection AddDomains(this IServiceCollection services, OperatorOptions options) => services
        .AddSingleton(provider => new Nameservers(options.DnsServer, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IDomainResolver, DnsDomainResolver>()
        .AddSingleton<DomainMetrics>();

    private static IServiceCollection AddTelemetry(this IServiceCollection services, OperatorOptions options)
    {
        var settings = options.Telemetry;
        services.AddWayleaveTelemetry(settings, OperatorVersion.Semantic);
        services.AddSingleton(new TelemetryMarkCalculator(settings is { Enabled: true, Usage: true }));
        if (settings is { Enabled: true, Usage: true })
        {
            services.AddSingleton<IObjectHistory>(Objects);
        }

        return settings.Enabled
            ? services
                .AddSingleton<ILedgerStore, ConfigMapLedgerStore>()
                .AddSingleton<IContextIdSource, KubeSystemContextIdSource>()
                .AddSingleton<IClusterProfileSource, ClusterProfileReader>()
                .AddSingleton<IDeliveryReporter, DeliveryEventReporter>()
            : services;
    }

    private static InformerFactory Informers(IServiceProvider provider) => new(
        provider.GetRequiredService<IKubernetesClient>(), ApiClients.Registry, provider.GetRequiredService<KubernetesMetrics>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>())
    {
        OnlyNamespace = provider.GetRequiredService<OperatorOptions>().WatchNamespace,
    };

    private static ClusterCache LocalCluster(IServiceProvider provider)
    {
        var declared = provider.GetRequiredService<DeclarationCache>();
        var cache = new ClusterCache(
            provider.GetRequiredService<InformerFactory>(),
            provider.GetRequiredService<Installation>(),
            provider.GetRequiredService<OperatorOptions>().Network,
            declared.Intents,
            declared.Protections,
            declared.Enforcements);
        provider.GetRequiredService<OperatorDeployment>().Attach(cache.Workloads);
        return cache;
    }

    private static DeclarationEventHandler Declarations(IServiceProvider provider)
    {
        var router = ActivatorUtilities.CreateInstance<DeclarationEventHandler>(provider);
        router.Attach();
        return router;
    }

    private static CountedObjectSource Objects(IServiceProvider provider)
    {
        var objects = ActivatorUtilities.CreateInstance<CountedObjectSource>(provider);
        objects.Follow(provider.GetRequiredService<ObjectFeedSet>());
        return objects;
    }

    private static MemberClusterManager Members(IServiceProvider provider)
    {
        var members = ActivatorUtilities.CreateInstance<MemberClusterManager>(provider);
        members.Attach();
        return members;
    }

    private static ClusterEventHandler Clusters(IServiceProvider provider)
    {
        var router = ActivatorUtilities.CreateInstance<ClusterEventHandler>(provider);
        router.Attach();
        return router;
    }
}
