using Wayleave.Enforcement.Governance;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Events;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Metrics;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Telemetry;
using Wayleave.Telemetry;
using Wayleave.Telemetry.Active;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Hosting;

/// <summary>Puts the program together.</summary>
internal static class OperatorServices
{
    public static IServiceCollection AddOperator(
        this IServiceCollection services, OperatorOptions options, KubernetesClientConfiguration configuration) => services
        .AddMetrics()
        .AddSingleton(options)
        .AddSingleton(configuration)
        .AddSingleton(TimeProvider.System)
        .AddSingleton(new GovernanceDefaults(options.Mode, options.Namespace, options.Egress))
        .AddSingleton(new EventSource("wayleave.dev/operator", options.Instance))
        .AddCluster()
        .AddReconciling()
        .AddDomains()
        .AddTelemetry(options)
        .AddSingleton<HealthState>()
        .AddSingleton<HttpSurface>()
        .AddSingleton<PrometheusMetrics>()
        .AddSingleton<OperatorMetrics>()
        .AddSingleton<EnforcementMetrics>()
        .AddSingleton<ClusterGate>()
        .AddSingleton<Leadership>()
        .AddSingleton<ReadingTasks>()
        .AddSingleton<OperatorService>()
        .AddHostedService(provider => provider.GetRequiredService<OperatorService>());

    private static IServiceCollection AddCluster(this IServiceCollection services) => services
        .AddSingleton<KubernetesMetrics>()
        .AddSingleton<ApiClients>()
        .AddSingleton(provider => provider.GetRequiredService<ApiClients>().Client)
        .AddSingleton(ApiClients.Registry)
        .AddSingleton<InformerFactory>()
        .AddSingleton<ClusterCache>()
        .AddSingleton<GovernanceCache>()
        .AddSingleton<EventRecorder>()
        .AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());

    private static IServiceCollection AddReconciling(this IServiceCollection services) => services
        .AddSingleton<WorkQueues>()
        .AddSingleton<VerdictBoard>()
        .AddSingleton<TakenNames>()
        .AddSingleton<ConditionEvents>()
        .AddSingleton<StatusWriter>()
        .AddSingleton<AffectedPolicies>()
        .AddSingleton<ServerInputsReader>()
        .AddSingleton<ClientInputsReader>()
        .AddSingleton<PolicyWriter>()
        .AddSingleton<PolicyReconciler>()
        .AddSingleton<IntentsReconciler>()
        .AddSingleton<ProtectedServiceReconciler>()
        .AddSingleton<EnforcementPolicyReconciler>()
        .AddSingleton<KafkaServerConfigReconciler>()
        .AddSingleton(Router)
        .AddControllers();

    private static IServiceCollection AddDomains(this IServiceCollection services) => services
        .AddSingleton<IDomainResolver, SystemDomainResolver>()
        .AddSingleton(provider => new DomainBook(provider.GetRequiredService<WorkQueues>().Domains, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<DomainClients>()
        .AddSingleton<DomainMetrics>()
        .AddSingleton<DomainReconciler>();

    private static IServiceCollection AddTelemetry(this IServiceCollection services, OperatorOptions options)
    {
        var settings = options.Telemetry;
        services.AddWayleaveTelemetry(settings, OperatorVersion.Semantic);
        services.AddSingleton(new TelemetryMarks(settings is { Enabled: true, Usage: true }));
        if (settings is { Enabled: true, Usage: true })
        {
            services.AddSingleton<IObjectHistory>(Objects);
        }

        return settings.Enabled
            ? services
                .AddSingleton<ILedgerStore>(provider => new ConfigMapLedgerStore(provider.GetRequiredService<ApiClients>().Client, options.Namespace))
                .AddSingleton<IContextIdSource, KubeSystemContextIdSource>()
                .AddSingleton<IActiveShapeSource, ClusterShapeSource>()
                .AddSingleton<IDeliveryAlarm, DeploymentAlarm>()
            : services;
    }

    private static ClusterObjects Objects(IServiceProvider provider)
    {
        var objects = ActivatorUtilities.CreateInstance<ClusterObjects>(provider);
        objects.Follow(provider.GetRequiredService<ObjectFeeds>());
        return objects;
    }

    private static ChangeRouter Router(IServiceProvider provider)
    {
        var router = ActivatorUtilities.CreateInstance<ChangeRouter>(provider);
        router.Attach();
        return router;
    }
}
