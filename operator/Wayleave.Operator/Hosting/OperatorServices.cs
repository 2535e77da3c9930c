using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Events;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Metrics;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Telemetry;
using Wayleave.Telemetry;
using Wayleave.Telemetry.Active;
using Wayleave.Telemetry.Catalogue;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;

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
        .AddSingleton(new NamespaceModes(options.Mode, options.Namespace))
        .AddSingleton(new EventSource("wayleave.dev/operator", options.Instance))
        .AddCluster()
        .AddReconciling()
        .AddTelemetry(options)
        .AddSingleton<HealthState>()
        .AddSingleton<HttpSurface>()
        .AddSingleton<PrometheusMetrics>()
        .AddSingleton<OperatorMetrics>()
        .AddSingleton<ClusterGate>()
        .AddSingleton<Leadership>()
        .AddSingleton<OperatorService>()
        .AddHostedService(provider => provider.GetRequiredService<OperatorService>());

    private static IServiceCollection AddCluster(this IServiceCollection services) => services
        .AddSingleton<KubernetesMetrics>()
        .AddSingleton<ApiClients>()
        .AddSingleton(provider => provider.GetRequiredService<ApiClients>().Client)
        .AddSingleton(ApiClients.Registry)
        .AddSingleton<InformerFactory>()
        .AddSingleton<ClusterCache>()
        .AddSingleton<EventRecorder>()
        .AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());

    private static IServiceCollection AddReconciling(this IServiceCollection services) => services
        .AddSingleton<WorkQueues>()
        .AddSingleton<VerdictBoard>()
        .AddSingleton<TakenNames>()
        .AddSingleton<ConditionEvents>()
        .AddSingleton<StatusWriter>()
        .AddSingleton<AppliedIntents>()
        .AddSingleton<AppliedProtections>()
        .AddSingleton<ServerInputsReader>()
        .AddSingleton<PolicyWriter>()
        .AddSingleton<PolicyReconciler>()
        .AddSingleton<IntentsReconciler>()
        .AddSingleton<ProtectedServiceReconciler>()
        .AddSingleton(Router)
        .AddSingleton<IController>(Policies)
        .AddSingleton<IController>(Intents)
        .AddSingleton<IController>(Protections);

    private static IServiceCollection AddTelemetry(this IServiceCollection services, OperatorOptions options)
    {
        services.AddWayleaveTelemetry(options.Telemetry, OperatorVersion.Semantic);
        return options.Telemetry.Enabled
            ? services
                .AddSingleton<ILedgerStore>(provider => new ConfigMapLedgerStore(provider.GetRequiredService<ApiClients>().Client, options.Namespace))
                .AddSingleton<IContextIdSource, KubeSystemContextIdSource>()
                .AddSingleton<IActiveShapeSource, ClusterShapeSource>()
            : services;
    }

    private static ChangeRouter Router(IServiceProvider provider)
    {
        var router = ActivatorUtilities.CreateInstance<ChangeRouter>(provider);
        router.Attach();
        return router;
    }

    private static IController Policies(IServiceProvider provider) => Controller(
        provider, provider.GetRequiredService<WorkQueues>().Policies, provider.GetRequiredService<PolicyReconciler>(), "policies", "Server", ErrorComponent.Enforcement);

    private static IController Intents(IServiceProvider provider)
    {
        var queue = provider.GetRequiredService<WorkQueues>().Intents;
        var informer = provider.GetRequiredService<ClusterCache>().Intents;
        var reconciler = new EntityReconciler<ClientIntents>(provider.GetRequiredService<IntentsReconciler>(), informer.Store, queue, IsActive(provider));
        informer.AddHandler(reconciler.Changed);
        return Controller(provider, queue, reconciler, "clientintents", nameof(ClientIntents), ErrorComponent.Intents);
    }

    private static IController Protections(IServiceProvider provider)
    {
        var queue = provider.GetRequiredService<WorkQueues>().Protections;
        var informer = provider.GetRequiredService<ClusterCache>().Protections;
        var reconciler = new EntityReconciler<ProtectedService>(provider.GetRequiredService<ProtectedServiceReconciler>(), informer.Store, queue, IsActive(provider));
        informer.AddHandler(reconciler.Changed);
        return Controller(provider, queue, reconciler, "protectedservices", nameof(ProtectedService), ErrorComponent.Intents);
    }

    private static Func<bool> IsActive(IServiceProvider provider)
    {
        var clients = provider.GetRequiredService<ApiClients>();
        return () => clients.Elector?.IsLeader ?? true;
    }

    private static Controller<TKey> Controller<TKey>(
        IServiceProvider provider, Wayleave.Kubernetes.Queue.RateLimitingQueue<TKey> queue, IReconciler<TKey> reconciler, string name, string kind, ErrorComponent component)
        where TKey : struct, INamespacedKey
    {
        var usage = provider.GetRequiredService<IUsageCounter>();
        var options = new ControllerOptions
        {
            Name = name,
            Kind = kind,
            Workers = provider.GetRequiredService<OperatorOptions>().Workers,
            Failed = error => usage.CountError(component, error.GetType()),
        };
        return new Controller<TKey>(
            queue, reconciler, options, provider.GetRequiredService<KubernetesMetrics>(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Controller<TKey>>>());
    }
}
