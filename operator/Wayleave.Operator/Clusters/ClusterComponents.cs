using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Events;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Domains;
using Wayleave.Operator.EventHandlers;
using Wayleave.Operator.Metrics;
using Wayleave.Operator.Observing;
using Wayleave.Operator.Recording;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Tracing;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Operator.Clusters;

/// <summary>
/// The parts that enforce policies in one cluster, over its client and its <see cref="ClusterCache"/>. The local cluster and each member
/// have their own.
/// </summary>
internal sealed class ClusterComponents : IAsyncDisposable
{
    private readonly ObservedAnswerCache? _answers;

    /// <param name="client">The client of the cluster.</param>
    /// <param name="cache">The caches of the cluster.</param>
    /// <param name="shared">What clusters share.</param>
    /// <param name="loggers">The loggers, which name the cluster if it is a member.</param>
    /// <param name="observed">The map of the network mapper. Null for members, whose map is not read.</param>
    public ClusterComponents(
        IKubernetesClient client, ClusterCache cache, SharedComponents shared, ILoggerFactory loggers, ObservedCallReader? observed)
    {
        var time = shared.Time;
        var isLocal = cache.Name == ClusterSelectionMatcher.Local;
        var prefix = isLocal ? "" : "member-";
        var member = isLocal ? null : cache.Name;
        var component = isLocal ? ErrorComponent.Enforcement : ErrorComponent.Clusters;

        Cache = cache;
        Queues = new PolicyQueues(shared.Metrics, time, prefix);
        Governance = new NamespaceSettingsCache(cache, shared.Governance);
        Results = new ResultStore(shared.Reports.Queues);
        Warnings = new WarningRateLimiter(time);
        Backoff = new WriteBackoff<NamespacedName>(time);
        Domains = new DomainCache(Queues, time);
        Lookups = new DomainLookupRunner(shared.Domains.Resolver, Queues, time, loggers.CreateLogger<DomainLookupRunner>());
        Writer = new PolicyWriter(
            client, cache, NameConflicts, Backoff,
            new PolicyWriteRecorder(cache, shared.Reports, Warnings, loggers.CreateLogger<PolicyWriter>()));

        var waits = new DomainWaitTracker(cache, time);
        var affected = new AffectedPolicyEnqueuer(cache, Governance, Queues);
        Changes = new PolicyEventHandler(cache, Governance, affected, NameConflicts, waits, observed);
        _answers = observed is null ? null : new ObservedAnswerCache(observed, time);
        Policies = new PolicyReconciler(
            new InputsReaders(new ServerInputsReader(cache, Governance), new ClientInputsReader(cache, Governance, Domains, _answers)),
            waits,
            Writer,
            Results,
            cache,
            shared.Reports.Tracing);
        DomainReconciler = new DomainReconciler(
            Lookups, Domains, affected,
            new DomainReporter(shared.Domains.Metrics, shared.Reports.Recorder, member), time);
        Controllers =
        [
            shared.Controllers.Create(Queues.Policies, Policies, $"{prefix}policies", "Subject", component, loggers, member),
            shared.Controllers.Create(Queues.Domains, DomainReconciler, $"{prefix}domains", "Domain", component, loggers, member),
        ];
    }

    public ClusterCache Cache { get; }

    public PolicyQueues Queues { get; }

    public NamespaceSettingsCache Governance { get; }

    public ResultStore Results { get; }

    public NameConflicts NameConflicts { get; } = new();

    public WarningRateLimiter Warnings { get; }

    public WriteBackoff<NamespacedName> Backoff { get; }

    public DomainCache Domains { get; }

    public DomainLookupRunner Lookups { get; }

    public PolicyWriter Writer { get; }

    public PolicyEventHandler Changes { get; }

    public PolicyReconciler Policies { get; }

    public DomainReconciler DomainReconciler { get; }

    public IReadOnlyList<IController> Controllers { get; }

    /// <summary>Attaches the event handlers to the caches. Call once, before the informers run.</summary>
    public void AttachHandlers()
    {
        Governance.Attach();
        Changes.Attach();
    }

    /// <summary>Clears the state of an earlier leader term.</summary>
    public void Clear()
    {
        Results.Clear();
        NameConflicts.Clear();
        Backoff.Clear();
        _answers?.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await Lookups.DisposeAsync();
        Queues.Dispose();
    }
}

/// <summary>What the components of all clusters share.</summary>
internal sealed record SharedComponents(
    EnforcementDefaults Governance, DomainServices Domains, ReportServices Reports, ControllerFactory Controllers,
    KubernetesMetrics Metrics,
    TimeProvider Time);

/// <summary>DNS lookups and their metrics.</summary>
internal sealed record DomainServices(IDomainResolver Resolver, DomainMetrics Metrics);

/// <summary>Where the results of policies are reported: statuses, Events, metrics, spans and the event store.</summary>
internal sealed record ReportServices(
    StatusQueues Queues, IEventRecorder Events, WriteMetrics Writes, OperatorTracing Tracing, OperatorEventRecorder Recorder);
