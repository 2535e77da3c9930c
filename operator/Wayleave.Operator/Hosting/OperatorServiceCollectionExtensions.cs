using Wayleave.Api;
using Wayleave.EventStore.Publishing;
using Wayleave.EventStore.Storage;
using Wayleave.Hosting;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Events;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Domains;
using Wayleave.Operator.EventHandlers;
using Wayleave.Operator.Metrics;
using Wayleave.Operator.Observing;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Recording;
using Wayleave.Operator.Telemetry;
using Wayleave.Operator.Tracing;
using Wayleave.Telemetry;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Profile;

namespace Wayleave.Operator.Hosting;

/// <summary>Registers the services of the operator.</summary>
internal static class OperatorServiceCollectionExtensions
{
    public static IServiceCollection AddOperator(
        this IServiceCollection services, OperatorOptions options, ConnectionSource source) => services
        .AddMetrics()
        .AddSingleton(options)
        .AddSingleton(source)
        .AddSingleton(TimeProvider.System)
        .AddSingleton(options.Governance)
        .AddSingleton(new EventSource("wayleave.dev/operator", options.Instance) { TraceIdAnnotation = WayleaveLabels.TraceId })
        .AddTracing(options)
        .AddEventStore(options)
        .AddCluster()
        .AddReconciling(options)
        .AddClusters()
        .AddDomains(options)
        .AddTelemetry(options)
        .AddSingleton(_ => new HealthState())
        .AddSingleton<ApiServerWaiter>()
        .AddSingleton<HttpEndpoints>()
        .AddSingleton(_ => PrometheusExport.Collect(
            [KubernetesMetrics.MeterName, OperatorMetrics.MeterName, PrometheusExport.HttpClientMeter],
            hasExemplars: options.Tracing is not null))
        .AddSingleton<OperatorMetrics>()
        .AddSingleton<EnforcementMetrics>()
        .AddSingleton<NamespaceCheck>()
        .AddSingleton<ApiServerReadiness>()
        .AddSingleton<LeaderTermState>()
        .AddSingleton<ControllerManager>()
        .AddSingleton<LeaderTasks>()
        .AddSingleton<InformerRunner>()
        .AddSingleton<OperatorService>()
        .AddHostedService(provider => provider.GetRequiredService<OperatorService>());

    private static IServiceCollection AddCluster(this IServiceCollection services) => services
        .AddSingleton<KubernetesMetrics>()
        .AddSingleton<OperatorDeployment>()
        .AddSingleton<ApiClients>()
        .AddSingleton(Client)
        .AddSingleton(ApiClients.Registry)
        .AddSingleton(Informers)
        .AddSingleton<DeclarationCache>()
        .AddSingleton(LocalCache)
        .AddSingleton<ControllerFactory>()
        .AddSingleton<DomainServices>()
        .AddSingleton<ReportServices>()
        .AddSingleton<SharedComponents>()
        .AddSingleton<ClusterComponents>()
        .AddSingleton(provider => provider.GetRequiredService<ClusterComponents>().Governance)
        .AddSingleton(provider => provider.GetRequiredService<ClusterComponents>().Results)
        .AddSingleton(provider => provider.GetRequiredService<ClusterComponents>().Warnings)
        .AddSingleton<EventRecorder>()
        .AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());

    private static IServiceCollection AddReconciling(this IServiceCollection services, OperatorOptions options) => services
        .AddSingleton<StatusQueues>()
        .AddSingleton<ConditionEventRecorder>()
        .AddSingleton<WriteMetrics>()
        .AddSingleton<StatusConflicts>()
        .AddSingleton<ConditionApplier>()
        .AddSingleton<StatusWriter>()
        .AddSingleton<StatusServices>()
        .AddSingleton<StatusReporterSelector>()
        .AddSingleton<OwnershipConflictReporter>()
        .AddSingleton<ObservedCallReader>()
        .AddSingleton<EnforcementReadinessReader>()
        .AddSingleton<StatusEventHandler>()
        .AddKinds(options);

    private static IServiceCollection AddKinds(this IServiceCollection services, OperatorOptions options)
    {
        foreach (var row in KindTable.Rows)
        {
            row.AddTo(services, options);
        }

        return services;
    }

    private static IServiceCollection AddClusters(this IServiceCollection services) => services
        .AddSingleton<ClusterSelectionResolver>()
        .AddSingleton<ClusterResultCollector>()
        .AddSingleton<Installation>()
        .AddSingleton<KubeconfigSecretReader>()
        .AddSingleton<IMemberFactory, MemberFactory>()
        .AddSingleton<ClusterFinalizer>()
        .AddSingleton<ClusterConnector>()
        .AddSingleton<ClusterCleanup>()
        .AddSingleton<ClusterReporter>()
        .AddSingleton<MemberClusterManager>();

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
            services.AddSingleton<CountedObjectSource>();
            services.AddSingleton<IObjectHistoryReader>(provider => provider.GetRequiredService<CountedObjectSource>());
        }

        return settings.Enabled
            ? services
                .AddSingleton<ILedgerStore, ConfigMapLedgerStore>()
                .AddSingleton<IContextIdSource, KubeSystemContextIdSource>()
                .AddSingleton<IClusterProfileSource, ClusterProfileReader>()
                .AddSingleton<IDeliveryReporter, DeliveryEventReporter>()
            : services;
    }

    // Independent of telemetry: another endpoint, another switch.
    private static IServiceCollection AddTracing(this IServiceCollection services, OperatorOptions options)
    {
        services.AddSingleton(_ => new KubernetesTracing(isEnabled: options.Tracing is not null)).AddSingleton<OperatorTracing>();
        return options.Tracing is { } settings ? services.AddSingleton(settings).AddSingleton<TraceExport>() : services;
    }

    // Nothing leaves the cluster this way. If it is off, only the recorder exists.
    private static IServiceCollection AddEventStore(this IServiceCollection services, OperatorOptions options)
    {
        services.AddSingleton<OperatorEventRecorder>();
        if (options.Events is not { } settings)
        {
            return services;
        }

        services
            .AddSingleton(settings.Store)
            .AddSingleton(provider => new EventStream(options.Instance, "operator", provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<SqliteEventStore>()
            .AddSingleton<IEventReader>(provider => provider.GetRequiredService<SqliteEventStore>())
            .AddSingleton<EventPump>()
            .AddSingleton<EventMetrics>()
            .AddHostedService<EventStoreService>();
        return settings.Port is null ? services : services
            .AddSingleton<IServingCertificate>(provider => settings.TlsDirectory is { } directory
                ? new CertificateFiles(EventFlags.TlsDirectory, directory, provider.GetRequiredService<ILogger<CertificateFiles>>())
                : new SelfSignedCertificate(provider.GetRequiredService<TimeProvider>()))
            .AddSingleton(provider => new AccessReviewer(
                provider.GetRequiredService<ApiClients>().Reviewer!, EventQueryEndpoint.Audience))
            .AddSingleton<EventQueryEndpoint>();
    }

    private static IKubernetesClient Client(IServiceProvider provider) => provider.GetRequiredService<KubernetesTracing>()
        .Trace(provider.GetRequiredService<ApiClients>().Client, ApiClients.Registry);

    private static InformerFactory Informers(IServiceProvider provider) => new(
        provider.GetRequiredService<IKubernetesClient>(), ApiClients.Registry, provider
            .GetRequiredService<KubernetesMetrics>(), provider
            .GetRequiredService<TimeProvider>(), provider
            .GetRequiredService<ILoggerFactory>())
    {
        OnlyNamespace = provider.GetRequiredService<OperatorOptions>().WatchNamespace,
        OnRelist = (resource, reason) =>
            provider.GetRequiredService<OperatorEventRecorder>().WatchRelisted(resource, reason, cluster: null),
    };

    private static ClusterCache LocalCache(IServiceProvider provider)
    {
        var declared = provider.GetRequiredService<DeclarationCache>();
        return new ClusterCache(
            provider.GetRequiredService<InformerFactory>(),
            provider.GetRequiredService<Installation>(),
            provider.GetRequiredService<OperatorOptions>().Network,
            declared.Intents,
            declared.Protections,
            declared.Enforcements);
    }
}
