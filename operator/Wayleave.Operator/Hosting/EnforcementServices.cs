using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Reconciling;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Operator.Hosting;

/// <summary>What each cluster has of its own: its queues, caches and reconcilers, over a client and a <see cref="ClusterCache"/>.</summary>
internal static class EnforcementServices
{
    /// <param name="services">Where they are added.</param>
    /// <param name="component">Where an error of theirs is counted.</param>
    /// <param name="prefix">Of the queues' names in metrics.</param>
    /// <param name="suffix">Of the kinds' names in logs.</param>
    public static IServiceCollection AddEnforcement(
        this IServiceCollection services, ErrorComponent component, string prefix = "", string suffix = "") => services
        .AddSingleton(provider => new PolicyQueues(
            provider.GetRequiredService<KubernetesMetrics>(), provider.GetRequiredService<TimeProvider>(), prefix))
        .AddSingleton<GovernanceCache>()
        .AddSingleton<ResultStore>()
        .AddSingleton<NameConflicts>()
        .AddSingleton<AffectedPolicyKeys>()
        .AddSingleton<ServerInputsReader>()
        .AddSingleton<ClientInputsReader>()
        .AddSingleton<WarningBudget>()
        .AddSingleton<WriteBackoff<NamespacedName>>()
        .AddSingleton<PolicyJournal>()
        .AddSingleton<PolicyWriter>()
        .AddSingleton<PolicyReconciler>()
        .AddSingleton<AnswerWaits>()
        .AddSingleton<DomainLookups>()
        .AddSingleton<DomainCache>()
        .AddSingleton<DomainClients>()
        .AddSingleton<DomainReconciler>()
        .AddSingleton(Router)
        .AddSingleton<IController>(provider => OperatorControllers.Of(
            provider,
            provider.GetRequiredService<PolicyQueues>().Policies,
            provider.GetRequiredService<PolicyReconciler>(),
            $"{prefix}policies",
            $"Subject{suffix}",
            component))
        .AddSingleton<IController>(provider => OperatorControllers.Of(
            provider,
            provider.GetRequiredService<PolicyQueues>().Domains,
            provider.GetRequiredService<DomainReconciler>(),
            $"{prefix}domains",
            $"Domain{suffix}",
            component));

    private static ChangeEventHandler Router(IServiceProvider provider)
    {
        var router = ActivatorUtilities.CreateInstance<ChangeEventHandler>(provider);
        router.Attach();
        return router;
    }
}
