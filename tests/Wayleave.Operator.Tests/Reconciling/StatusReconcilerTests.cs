using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Reconciling;

/// <summary>Single calls of the reconciler of each kind. No controller runs.</summary>
public sealed class StatusReconcilerTests : IAsyncLifetime
{
    private const string Name = "cart";

    private readonly FakeCluster _cluster = Shop.Cluster();
    private readonly RecordedClient _client;
    private RunningOperator _running = null!;

    public StatusReconcilerTests() => _client = new RecordedClient(_cluster);

    public static TheoryData<string> Kinds => [nameof(ClientIntents), nameof(ProtectedService), nameof(EnforcementPolicy), nameof(KafkaServerConfig)];

    public static TheoryData<string> KindsWithPolicies => [nameof(ClientIntents), nameof(ProtectedService)];

    public static TheoryData<string> KindsWithoutPolicies => [nameof(EnforcementPolicy), nameof(KafkaServerConfig)];

    public async Task InitializeAsync() => _running = await Shop.StartAsync(_cluster, new RunningOptions { Client = _client, Leads = false });

    public async Task DisposeAsync() => await _running.DisposeAsync();

    [Theory]
    [MemberData(nameof(KindsWithPolicies))]
    public async Task Waits_for_the_results_of_the_policies(string kind)
    {
        await PutAsync(kind);
        (await ReconcileAsync(kind)).ShouldBe(ReconciliationResult.NoRequeue);
        StatusWrites().ShouldBeEmpty();

        await DecideAsync();

        (await ReconcileAsync(kind)).ShouldBe(ReconciliationResult.Done);
        Ready(kind)!.Status.ShouldBe("True");
    }

    [Theory]
    [MemberData(nameof(KindsWithPolicies))]
    public async Task Waits_for_results_of_the_latest_generation(string kind)
    {
        await PutAsync(kind);
        await DecideAsync();
        await ReconcileAsync(kind);

        await EditAsync();

        (await ReconcileAsync(kind)).ShouldBe(ReconciliationResult.NoRequeue);
        StatusWrites().ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(KindsWithoutPolicies))]
    public async Task Does_not_wait_when_the_kind_has_no_policies(string kind)
    {
        await PutAsync(kind);

        (await ReconcileAsync(kind)).ShouldBe(ReconciliationResult.Done);

        Ready(kind)!.Status.ShouldBe("True");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Writes_a_status_once(string kind)
    {
        await PutAsync(kind);
        await DecideAsync();

        await ReconcileAsync(kind);
        await ReconcileAsync(kind);

        StatusWrites().ShouldHaveSingleItem();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Ignores_an_object_that_is_being_deleted(string kind)
    {
        await PutAsync(kind, finalizer: "example.com/hold");
        await DecideAsync();

        await DeleteAsync(kind);

        (await ReconcileAsync(kind)).ShouldBe(ReconciliationResult.NoRequeue);
        StatusWrites().ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Reports_Stalled_when_the_spec_is_invalid(string kind)
    {
        await PutAsync(kind, isValid: false);

        (await ReconcileAsync(kind)).ShouldBe(ReconciliationResult.Stalled(Reasons.InvalidSpec));

        Ready(kind)!.Reason.ShouldBe(Reasons.InvalidSpec);
    }

    [Theory]
    [MemberData(nameof(KindsWithPolicies))]
    public async Task Writes_only_a_condition_when_another_installation_owns_the_policies(string kind)
    {
        await PutPolicyOfAnotherAsync();
        await PutAsync(kind);
        await DecideAsync();

        await ReconcileAsync(kind);

        StatusWrites().ShouldBe([$"condition {kind} shop/{Name}"]);
        Ready(kind).ShouldBeNull("the other installation writes it");
    }

    [Theory]
    [MemberData(nameof(KindsWithoutPolicies))]
    public async Task Writes_the_status_of_a_kind_without_policies_beside_another_installation(string kind)
    {
        await PutPolicyOfAnotherAsync();
        await PutAsync(kind);
        await DecideAsync();

        (await ReconcileAsync(kind)).ShouldBe(ReconciliationResult.Done);

        Ready(kind)!.Status.ShouldBe("True");
    }

    [Theory]
    [MemberData(nameof(KindsWithoutPolicies))]
    public async Task Requeues_after_a_backoff_when_another_writer_keeps_overwriting_the_status(string kind)
    {
        await PutAsync(kind);
        await ReconcileAsync(kind);
        await OverwriteAsync(kind);
        (await ReconcileAsync(kind)).ShouldBe(ReconciliationResult.Done, "a single overwrite may be an accident");

        await OverwriteAsync(kind);

        (await ReconcileAsync(kind)).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromMilliseconds(50)));
        StatusWrites().Count.ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Writes_nothing_for_a_deleted_object(string kind)
    {
        await PutAsync(kind);

        (await DeletedAsync(kind)).ShouldBe(ReconciliationResult.Done);

        _client.Writes.ShouldBeEmpty();
    }

    private List<string> StatusWrites() => [.. _client.Writes.Where(write => !write.Contains("NetworkPolicy", StringComparison.Ordinal))];

    // Reconciles the policy keys, as the policy controller does.
    private async Task DecideAsync()
    {
        foreach (var type in Enum.GetValues<SubjectType>())
        {
            foreach (var name in new[] { "cart", "checkout" })
            {
                await _running.Services.Part<PolicyReconciler>().ReconcileAsync(new PolicyKey(type, Shop.Namespace, name), CancellationToken.None);
            }
        }

        await _running.WaitForCachesAsync();
    }

    private async Task PutPolicyOfAnotherAsync()
    {
        var pods = new V1LabelSelector { MatchLabels = new Dictionary<string, string>() { ["app"] = "cart" } };
        var policy = NetworkPolicyBuilder.Ingress(new PolicySubject("Deployment", Shop.Namespace, "cart", pods), []);
        await _cluster.CreateAsync(new PolicyOwner(new string('b', 32)).WithMark(policy), CancellationToken.None);
        await _running.WaitForCachesAsync();
    }

    private Task PutAsync(string kind, bool isValid = true, string? finalizer = null)
    {
        var metadata = new V1ObjectMeta { Name = Name, NamespaceProperty = Shop.Namespace, Finalizers = finalizer is null ? null : [finalizer] };
        var workload = new WorkloadRef { Name = isValid ? "cart" : "Not a name" };
        switch (kind)
        {
            case nameof(ClientIntents):
                var target = new IntentTarget { Kubernetes = new KubernetesTarget { Name = "cart" } };
                _cluster.User.Put(new ClientIntents { Metadata = metadata, Spec = new ClientIntentsSpec { Workload = isValid ? new WorkloadRef { Name = "checkout" } : workload, Targets = [target] } });
                break;
            case nameof(ProtectedService):
                _cluster.User.Put(new ProtectedService { Metadata = metadata, Spec = new ProtectedServiceSpec { Workload = workload } });
                break;
            case nameof(EnforcementPolicy):
                metadata.NamespaceProperty = null;
                _cluster.User.Put(new EnforcementPolicy { Metadata = metadata, Spec = new EnforcementPolicySpec { Mode = isValid ? EnforcementModeNames.Enforce : "Nonsense" } });
                break;
            default:
                _cluster.User.Put(new KafkaServerConfig { Metadata = metadata, Spec = new KafkaServerConfigSpec { Workload = workload, Address = "kafka.shop:9092" } });
                break;
        }

        return _running.WaitForCachesAsync();
    }

    private Task EditAsync()
    {
        _cluster.User.Edit<ClientIntents>(Shop.Namespace, Name, intents => intents.Spec.Targets.Add(new IntentTarget { Kubernetes = new KubernetesTarget { Name = "checkout" } }));
        _cluster.User.Edit<ProtectedService>(Shop.Namespace, Name, protection => protection.Spec.OwnPods = false);
        return _running.WaitForCachesAsync();
    }

    private Task DeleteAsync(string kind)
    {
        _ = kind switch
        {
            nameof(ClientIntents) => _cluster.User.Delete<ClientIntents>(Shop.Namespace, Name),
            nameof(ProtectedService) => _cluster.User.Delete<ProtectedService>(Shop.Namespace, Name),
            nameof(EnforcementPolicy) => _cluster.User.Delete<EnforcementPolicy>(null, Name),
            _ => _cluster.User.Delete<KafkaServerConfig>(Shop.Namespace, Name),
        };
        return _running.WaitForCachesAsync();
    }

    private async Task OverwriteAsync(string kind)
    {
        var condition = new V1Condition { Type = ConditionTypes.Ready, Status = "False", Reason = "SaysAnother", Message = "", LastTransitionTime = DateTime.UnixEpoch };
        if (kind == nameof(EnforcementPolicy))
        {
            await OverwriteAsync<EnforcementPolicy, EnforcementPolicyStatus>(new EnforcementPolicyStatus { Conditions = [condition] }, null);
        }
        else
        {
            await OverwriteAsync<KafkaServerConfig, KafkaServerConfigStatus>(new KafkaServerConfigStatus { Conditions = [condition] }, Shop.Namespace);
        }

        await _running.WaitForCachesAsync();
    }

    private async Task OverwriteAsync<TEntity, TStatus>(TStatus status, string? @namespace)
        where TEntity : class, IReportedKind<TEntity, TStatus>
        where TStatus : class, IConditionedStatus
    {
        var change = TEntity.WithStatus(status);
        (change.Metadata.Name, change.Metadata.NamespaceProperty) = (Name, @namespace);
        await _cluster.ApplyStatusAsync(change, "another", dryRun: false, CancellationToken.None);
    }

    private Task<ReconciliationResult> ReconcileAsync(string kind) => CallAsync(kind, isDeleted: false);

    private Task<ReconciliationResult> DeletedAsync(string kind) => CallAsync(kind, isDeleted: true);

    private Task<ReconciliationResult> CallAsync(string kind, bool isDeleted)
    {
        var cache = _running.Services.Part<DeclarationCache>();
        return kind switch
        {
            nameof(ClientIntents) => CallAsync<IntentsReconciler, ClientIntents>(cache.Intents.Store.List().Single(), isDeleted),
            nameof(ProtectedService) => CallAsync<ProtectedServiceReconciler, ProtectedService>(cache.Protections.Store.List().Single(), isDeleted),
            nameof(EnforcementPolicy) => CallAsync<EnforcementPolicyReconciler, EnforcementPolicy>(cache.Enforcements.Store.List().Single(), isDeleted),
            _ => CallAsync<ValidationReconciler<KafkaServerConfig, KafkaServerConfigStatus>, KafkaServerConfig>(cache.KafkaServers.Store.List().Single(), isDeleted),
        };
    }

    private Task<ReconciliationResult> CallAsync<TReconciler, TEntity>(TEntity entity, bool isDeleted)
        where TReconciler : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var reconciler = _running.Services.Part<TReconciler>();
        return isDeleted ? reconciler.DeletedAsync(entity, CancellationToken.None) : reconciler.ReconcileAsync(entity, CancellationToken.None);
    }

    private V1Condition? Ready(string kind)
    {
        var conditions = kind switch
        {
            nameof(ClientIntents) => _cluster.List<ClientIntents>().Single().Status?.Conditions,
            nameof(ProtectedService) => _cluster.List<ProtectedService>().Single().Status?.Conditions,
            nameof(EnforcementPolicy) => _cluster.List<EnforcementPolicy>().Single().Status?.Conditions,
            _ => _cluster.List<KafkaServerConfig>().Single().Status?.Conditions,
        };
        return conditions?.Find(condition => condition.Type == ConditionTypes.Ready);
    }
}
