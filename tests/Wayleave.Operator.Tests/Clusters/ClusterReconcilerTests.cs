using System.Net;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Queue;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Tests.Domains;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Clusters;

/// <summary>
/// Single calls of the reconciler of a Cluster: the conditions that it writes, and when it requeues. Members may be added. No controller
/// of the operator runs.
/// </summary>
public sealed class ClusterReconcilerTests : IAsyncLifetime, IDisposable
{
    private const string East = "east";

    private static readonly ReconciliationResult _look = ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(30));

    private readonly FakeCluster _hub = Shop.Cluster();
    private readonly FakeCluster _east = FakeMembers.Cluster(1);
    private readonly FakeMembers _members = new();
    private readonly CancellationTokenSource _stopping = new();
    private RunningOperator _running = null!;
    private Task _managing = Task.CompletedTask;

    private MemberClusterManager Manager => _running.Services.Part<MemberClusterManager>();

    private ManualTimeProvider Clock => (ManualTimeProvider)_running.Services.GetService(typeof(TimeProvider))!;

    private RateLimitingQueue<NamespacedName> Queue => _running.Services.Part<StatusQueues>().Clusters;

    private ClusterReconciler Reconciler => _running.Services.Part<ClusterReconciler>();

    private Cluster Stored => _hub.List<Cluster>().Single();

    private string? Reason => Stored.Status?.Conditions?.Find(condition => condition.Type == ConditionTypes.Ready)?.Reason;

    // The reason of the Ready condition, and the types of the conditions that are true.
    private string Conditions => string.Join(' ', (Stored.Status?.Conditions ?? []).Where(condition => condition.Status == "True").Select(condition => condition.Type).Prepend(Reason));

    public async Task InitializeAsync()
    {
        _members.Add(_east, East, "east-again");
        _running = await Shop.StartAsync(_hub, new RunningOptions { Members = _members.Wrap, Leads = false });
        Queue.Resume();
        _managing = Manager.RunAsync(_stopping.Token, _stopping.Token);
    }

    public async Task DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _managing;
        await _running.DisposeAsync();
    }

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task Waits_for_a_Secret_that_does_not_exist()
    {
        FakeMembers.Register(_hub, East, East, withSecret: false);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.NoRequeue);

        Conditions.ShouldBe($"{Reasons.SecretNotFound} {ConditionTypes.Reconciling}");
    }

    [Fact]
    public async Task Waits_for_the_user_when_the_Secret_lacks_the_key()
    {
        FakeMembers.Register(_hub, East, East);
        _hub.User.Edit<Cluster>(null, East, cluster => cluster.Spec.KubeconfigSecretRef.Key = "another");

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.NoRequeue);

        Conditions.ShouldBe($"{Reasons.SecretNotFound} {ConditionTypes.Stalled}");
    }

    [Fact]
    public async Task Waits_for_the_user_when_the_Secret_is_in_another_namespace()
    {
        FakeMembers.Register(_hub, East, East);
        _hub.User.Edit<Cluster>(null, East, cluster => cluster.Spec.KubeconfigSecretRef.Namespace = Shop.Namespace);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.NoRequeue);

        Conditions.ShouldBe($"{Reasons.SecretNotFound} {ConditionTypes.Stalled}");
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("contexts: [{name: a, context: {cluster: a, user: a}}]\nclusters: [{name: a, cluster: {server: \"https://east:6443\"}}]\nusers: [{name: a, user: {exec: {command: sh}}}]\n")]
    public async Task Waits_for_the_user_when_the_kubeconfig_is_invalid(string kubeconfig)
    {
        FakeMembers.Register(_hub, East, East, withSecret: false);
        FakeMembers.PutKubeconfig(_hub, East, kubeconfig);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.NoRequeue);

        Conditions.ShouldBe($"{Reasons.InvalidKubeconfig} {ConditionTypes.Stalled}");
    }

    [Fact]
    public async Task Waits_for_the_user_when_the_Cluster_is_named_local()
    {
        FakeMembers.Register(_hub, "local", East);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.NoRequeue);

        Conditions.ShouldBe($"{Reasons.InvalidSpec} {ConditionTypes.Stalled}");
    }

    [Fact]
    public async Task Backs_off_up_to_thirty_seconds_from_a_cluster_that_cannot_be_reached()
    {
        FakeMembers.Register(_hub, East, East);
        _members.Unplug(East);
        var waits = new List<ReconciliationResult>();
        for (var i = 0; i < 7; i++)
        {
            waits.Add(await ReconcileAsync());
        }

        waits.ShouldBe(new[] { 1, 2, 4, 8, 16, 30, 30 }.Select(seconds => ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(seconds))));
        Conditions.ShouldBe($"{Reasons.Unreachable} {ConditionTypes.Reconciling}");
    }

    [Fact]
    public async Task Resets_the_backoff_after_a_success()
    {
        FakeMembers.Register(_hub, East, East);
        _members.Unplug(East);
        await ReconcileAsync();
        await ReconcileAsync();
        _members.Add(_east, East);
        await ConnectAsync();
        _members.Unplug("nowhere");
        FakeMembers.PutSecret(_hub, East, "nowhere");

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public async Task Backs_off_from_a_cluster_where_a_permission_is_missing_and_names_it()
    {
        _members.Add(new FakeMemberClient("1", "36") { Forbidden = "delete networkpolicies" }, East);
        FakeMembers.Register(_hub, East, East);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(1)));

        Conditions.ShouldBe($"{Reasons.Forbidden} {ConditionTypes.Stalled}");
        Stored.Status!.Conditions![0].Message.ShouldContain("delete networkpolicies.networking.k8s.io");
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized, Reasons.Unauthorized, ConditionTypes.Stalled)]
    [InlineData(HttpStatusCode.Forbidden, Reasons.Forbidden, ConditionTypes.Stalled)]
    [InlineData(HttpStatusCode.ServiceUnavailable, Reasons.Unreachable, ConditionTypes.Reconciling)]
    public async Task Backs_off_from_a_cluster_that_refuses_requests(HttpStatusCode code, string reason, string type)
    {
        _members.Add(new MemberClient(_east) { Refusal = ApiErrors.Create(new V1Status { Code = (int)code }, code) }, East);
        FakeMembers.Register(_hub, East, East);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(1)));

        Conditions.ShouldBe($"{reason} {type}");
    }

    [Fact]
    public async Task Backs_off_from_a_cluster_that_is_too_old()
    {
        _members.Add(new FakeMemberClient("1", "19"), East);
        FakeMembers.Register(_hub, East, East);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(1)));

        Conditions.ShouldBe($"{Reasons.NotServed} {ConditionTypes.Stalled}");
    }

    [Fact]
    public async Task Makes_a_new_Cluster_wait_for_a_second_before_it_connects()
    {
        FakeMembers.Register(_hub, East, East);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.NoRequeue);

        Manager.Find(East).ShouldBeNull();
        Reason.ShouldBeNull();
        await EmptyQueueAsync();
        Clock.Advance(TimeSpan.FromMilliseconds(500));
        Queue.Count.ShouldBe(1, "the reconciler enqueued the Cluster again");
    }

    [Fact]
    public async Task Adds_the_finalizer_before_it_reports_Connected()
    {
        FakeMembers.Register(_hub, East, East);
        await ReconcileAsync();
        Clock.Advance(TimeSpan.FromSeconds(1));

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.NoRequeue, "the watch event of the finalizer enqueues the Cluster");

        Stored.Metadata.Finalizers.ShouldBe([WayleaveLabels.Cleanup]);
        Reason.ShouldBeNull();
    }

    [Fact]
    public async Task Adds_no_finalizer_when_onDelete_is_Orphan()
    {
        FakeMembers.Register(_hub, East, East);
        _hub.User.Edit<Cluster>(null, East, cluster => cluster.Spec.OnDelete = ClusterDeletionPolicy.Orphan);

        await ConnectAsync();

        Stored.Metadata.Finalizers.ShouldBeNull();
    }

    [Fact]
    public async Task Reports_Connecting_while_the_caches_sync_and_then_Connected()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _members.Add(new MemberClient(_east) { Reads = gate.Task }, East);
        FakeMembers.Register(_hub, East, East);

        (await ConnectAsync()).ShouldBe(_look);
        Conditions.ShouldBe($"{Reasons.Connecting} {ConditionTypes.Reconciling}");

        gate.SetResult();
        await UntilSyncedAsync();
        (await ReconcileAsync()).ShouldBe(_look);
        Conditions.ShouldBe($"{Reasons.Connected} {ConditionTypes.Ready}");
        Stored.Status!.KubernetesVersion.ShouldBe("v1.36.2");
        Stored.Status.Identity.ShouldBe(Installation.ComputeClusterIdentity(_east.List<V1Namespace>().Single(one => one.Metadata.Name == "kube-system").Metadata.Uid!));
    }

    [Fact]
    public async Task Enqueues_the_Cluster_when_its_caches_have_synced()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _members.Add(new MemberClient(_east) { Reads = gate.Task }, East);
        FakeMembers.Register(_hub, East, East);
        await ConnectAsync();
        await EmptyQueueAsync();

        gate.SetResult();

        await DomainStage.UntilAsync(() => Queue.Count == 1);
        Manager.Find(East)!.HasSynced.ShouldBeTrue();
    }

    [Fact]
    public async Task Keeps_the_status_of_an_earlier_process_for_two_reconciles_while_the_caches_sync()
    {
        FakeMembers.Register(_hub, East, East);
        await ConnectAsync();
        await UntilSyncedAsync();
        await ReconcileAsync();
        Reason.ShouldBe(Reasons.Connected);

        await Manager.StopAsync(East);
        Manager.Clear();
        _members.Add(new MemberClient(_east) { Reads = new TaskCompletionSource().Task }, East);

        for (var look = 1; look <= 3; look++)
        {
            (await ReconcileAsync()).ShouldBe(_look);
            Reason.ShouldBe(look <= 2 ? Reasons.Connected : Reasons.Connecting);
        }
    }

    [Fact]
    public async Task Keeps_the_connection_when_the_Secret_is_written_again_with_the_same_content()
    {
        FakeMembers.Register(_hub, East, East);
        await ConnectAsync();
        var member = Manager.Find(East);

        FakeMembers.PutSecret(_hub, East, East);

        (await ReconcileAsync()).ShouldBe(_look);
        Manager.Find(East).ShouldBeSameAs(member);
    }

    [Fact]
    public async Task Reconnects_with_rotated_credentials()
    {
        FakeMembers.Register(_hub, East, East);
        await ConnectAsync();
        await UntilSyncedAsync();
        await ReconcileAsync();
        var (member, credentials) = (Manager.Find(East), Stored.Status!.Credentials);

        FakeMembers.PutSecret(_hub, East, "east-again");
        (await ReconcileAsync()).ShouldBe(_look);
        await UntilSyncedAsync();
        await ReconcileAsync();

        Manager.Find(East).ShouldNotBeSameAs(member);
        Stored.Status!.Credentials.ShouldNotBe(credentials);
        Reason.ShouldBe(Reasons.Connected);
    }

    [Fact]
    public async Task Keeps_the_old_member_while_the_rotated_credentials_do_not_work()
    {
        FakeMembers.Register(_hub, East, East);
        await ConnectAsync();
        await UntilSyncedAsync();
        var member = Manager.Find(East);
        _members.Unplug("nowhere");

        FakeMembers.PutSecret(_hub, East, "nowhere");

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(1)));
        Reason.ShouldBe(Reasons.Unreachable);
        Manager.Find(East).ShouldBeSameAs(member);
    }

    [Fact]
    public async Task Stops_the_member_and_waits_when_the_Cluster_is_paused()
    {
        FakeMembers.Register(_hub, East, East);
        await ConnectAsync();
        _hub.User.Edit<Cluster>(null, East, cluster => cluster.Spec.Paused = true);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.NoRequeue);

        Conditions.ShouldBe($"{Reasons.Paused} {ConditionTypes.Paused}");
        Manager.Find(East).ShouldBeNull();
    }

    [Fact]
    public async Task Stops_a_member_that_is_too_large_and_requeues_after_ten_minutes()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _members.Add(new MemberClient(_east) { Reads = gate.Task, ReadFailure = new LimitExceededException("there are more than 50000 pods") }, East);
        FakeMembers.Register(_hub, East, East);
        await ConnectAsync();
        gate.SetResult();
        await DomainStage.UntilAsync(() => Manager.Find(East)!.Failure is not null);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromMinutes(10)));

        Conditions.ShouldBe($"{Reasons.TooLarge} {ConditionTypes.Stalled}");
        Manager.Find(East).ShouldBeNull();
    }

    [Fact]
    public async Task Removes_the_policies_and_the_finalizer_when_the_Cluster_is_deleted()
    {
        await EnforceAsync();
        _hub.User.Delete<Cluster>(null, East);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.NoRequeue);

        _hub.List<Cluster>().ShouldBeEmpty();
        _east.Policy().ShouldBeNull();
        Manager.Find(East).ShouldBeNull();
    }

    [Fact]
    public async Task Keeps_a_deleted_Cluster_and_backs_off_while_its_policies_cannot_be_removed()
    {
        await EnforceAsync();
        _members.Unplug(East);
        _hub.User.Delete<Cluster>(null, East);

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(1)));
        (await ReconcileAsync()).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(2)));

        Conditions.ShouldBe($"{Reasons.CleaningUp} {ConditionTypes.Reconciling}");
        Stored.Metadata.Finalizers.ShouldBe([WayleaveLabels.Cleanup]);
    }

    [Fact]
    public async Task Removes_the_finalizer_and_keeps_the_policies_of_a_deleted_Cluster_with_the_orphan_annotation()
    {
        await EnforceAsync();
        _members.Unplug(East);
        _hub.User.Delete<Cluster>(null, East);
        _hub.User.Edit<Cluster>(null, East, cluster => cluster.Metadata.Annotations = new Dictionary<string, string> { [WayleaveLabels.Orphan] = "true" });

        (await ReconcileAsync()).ShouldBe(ReconciliationResult.NoRequeue);

        _hub.List<Cluster>().ShouldBeEmpty();
        _east.Policy().ShouldNotBeNull();
    }

    [Fact]
    public async Task Stops_the_member_of_a_deleted_Cluster_and_forgets_its_backoff()
    {
        FakeMembers.Register(_hub, East, East);
        await ConnectAsync();
        Manager.CountFailure(East);

        (await Reconciler.DeletedAsync(Stored, CancellationToken.None)).ShouldBe(ReconciliationResult.Done);

        Manager.Find(East).ShouldBeNull();
        Manager.CountFailure(East).ShouldBe(1);
    }

    private async Task<ReconciliationResult> ReconcileAsync()
    {
        await _running.WaitForCachesAsync();
        return await Reconciler.ReconcileAsync(_running.Services.Part<DeclarationCache>().Clusters.Store.List().Single(), CancellationToken.None);
    }

    // A new Cluster waits for a second and is reconciled again after its finalizer is added.
    private async Task<ReconciliationResult> ConnectAsync()
    {
        for (var i = 0; i < 3; i++)
        {
            if (await ReconcileAsync() is var result && result != ReconciliationResult.NoRequeue)
            {
                return result;
            }

            Clock.Advance(TimeSpan.FromSeconds(1));
        }

        return ReconciliationResult.NoRequeue;
    }

    private Task UntilSyncedAsync() => DomainStage.UntilAsync(() => Manager.Find(East) is { HasSynced: true });

    // Removes the keys that earlier changes of the Cluster enqueued.
    private async Task EmptyQueueAsync()
    {
        await _running.WaitForCachesAsync();
        while (Queue.Count > 0)
        {
            Queue.Done(await Queue.GetAsync(CancellationToken.None));
        }
    }

    // Connects a member and waits until its policy is written.
    private async Task EnforceAsync()
    {
        _hub.User.Put(Shop.Intents(clusters: new ClusterSelection { Names = [East] }));
        FakeMembers.Register(_hub, East, East);
        await ConnectAsync();
        await DomainStage.UntilAsync(() => _east.Policy() is not null);
    }

    /// <summary>A member whose API server answers late or fails.</summary>
    private sealed class MemberClient(FakeCluster inner) : FakeKubernetesClient
    {
        /// <summary>Lists are answered when this task ends.</summary>
        public Task Reads { get; init; } = Task.CompletedTask;

        /// <summary>The error of list requests. Null for none.</summary>
        public Exception? ReadFailure { get; init; }

        /// <summary>The error of version requests. Null for none.</summary>
        public Exception? Refusal { get; init; }

        public override Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken) => Refusal is { } refusal ? throw refusal : inner.GetVersionAsync(cancellationToken);

        public override Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken) => inner.IsServedAsync<TEntity>(cancellationToken);

        public override Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken) => inner.CreateAsync(entity, cancellationToken);

        public override Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
            where TEntity : class => inner.GetAsync<TEntity>(name, @namespace, cancellationToken);

        public override async Task<KubernetesList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        {
            await Reads.WaitAsync(cancellationToken);
            return ReadFailure is { } failure ? throw failure : await inner.ListAsync<TEntity>(options, cancellationToken);
        }

        public override IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync<TEntity>(ListOptions options, CancellationToken cancellationToken) =>
            inner.WatchAsync<TEntity>(options, cancellationToken);
    }
}
