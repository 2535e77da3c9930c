using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Queue;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Controllers;

public sealed class EntityReconcilerTests : IDisposable
{
    private readonly FakeMeters _meters = new();
    private readonly FakeEntityController _controller = new();
    private readonly DeltaProcessor<V1ConfigMap> _cluster = new(new InformerOptions<V1ConfigMap>());
    private readonly RateLimitingQueue<NamespacedName> _queue;
    private readonly EntityReconciler<V1ConfigMap> _reconciler;

    public EntityReconcilerTests()
    {
        _queue = new RateLimitingQueue<NamespacedName>("tests", _meters.Metrics(), new ManualTimeProvider());
        _reconciler = new EntityReconciler<V1ConfigMap>(_controller, _cluster.Store, _queue);
        _cluster.AddHandler(_reconciler.HandleChange);
    }

    public void Dispose()
    {
        _queue.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task Reconciles_an_entity_once_for_several_changes()
    {
        Add("a", "1");
        Add("a", "2");
        await WorkAsync();

        Add("a", "3");
        _controller.Calls.ShouldBe(["reconcile a/uid-a"], "two changes, one reconcile");
        await WorkAsync();

        _controller.Calls.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Returns_the_result_of_the_controller()
    {
        _controller.Reconciled = ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(9));
        Add("a", "1");

        (await WorkAsync()).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public async Task Reports_a_deleted_entity_until_its_controller_is_done()
    {
        Add("a", "1");
        await WorkAsync();
        _controller.Deleted = _ => ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(1));

        Delete("a");
        (await WorkAsync()).ShouldBe(ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(1)));
        await ReconcileAsync("a");
        _controller.Deleted = _ => ReconciliationResult.Done;
        (await ReconcileAsync("a")).ShouldBe(ReconciliationResult.Done);
        await ReconcileAsync("a");

        _controller.Calls.ShouldBe(["reconcile a/uid-a", "deleted a/uid-a", "deleted a/uid-a", "deleted a/uid-a"]);
    }

    [Fact]
    public async Task Reports_a_deleted_entity_again_after_its_controller_failed()
    {
        Add("a", "1");
        await WorkAsync();
        _controller.Deleted = _ => throw new InvalidOperationException("broken");
        Delete("a");
        await Should.ThrowAsync<InvalidOperationException>(() => ReconcileAsync("a"));

        _controller.Deleted = _ => ReconciliationResult.Done;
        await ReconcileAsync("a");

        _controller.Calls.ShouldBe(["reconcile a/uid-a", "deleted a/uid-a", "deleted a/uid-a"]);
    }

    [Fact]
    public async Task Reports_the_deleted_entity_before_it_reconciles_the_recreated_one()
    {
        Add("a", "1", uid: "old");
        await WorkAsync();

        Delete("a");
        Add("a", "5", uid: "new");
        await WorkAsync();

        _controller.Calls.ShouldBe(["reconcile a/old", "deleted a/old", "reconcile a/new"]);
    }

    [Fact]
    public async Task Does_not_reconcile_a_recreated_entity_until_the_deletion_is_done()
    {
        Add("a", "1", uid: "old");
        await WorkAsync();
        _controller.Deleted = _ => ReconciliationResult.RequeueAfter(TimeSpan.FromSeconds(1));
        Delete("a");
        Add("a", "5", uid: "new");

        await WorkAsync();
        _controller.Calls.ShouldNotContain("reconcile a/new");
        _controller.Deleted = _ => ReconciliationResult.Done;
        await ReconcileAsync("a");

        _controller.Calls.ShouldBe(["reconcile a/old", "deleted a/old", "deleted a/old", "reconcile a/new"]);
    }

    [Fact]
    public async Task Reports_every_entity_of_a_name_that_was_deleted_before_the_first_reconcile()
    {
        Add("a", "1", uid: "first");
        Delete("a");
        Add("a", "3", uid: "second");
        Delete("a");
        Add("a", "5", uid: "third");

        await WorkAsync();

        _controller.Calls.ShouldBe(["deleted a/first", "deleted a/second", "reconcile a/third"]);
    }

    [Fact]
    public async Task Reports_an_entity_that_is_deleted_while_it_reports_its_predecessor()
    {
        Add("a", "1", uid: "first");
        Delete("a");
        _controller.Deleted = entity =>
        {
            if (entity.Metadata.Uid == "first")
            {
                Add("a", "3", uid: "second");
                Delete("a");
            }

            return ReconciliationResult.Done;
        };

        await WorkAsync();
        await WorkAsync();

        _controller.Calls.ShouldBe(["deleted a/first", "deleted a/second"]);
    }

    [Fact]
    public async Task Returns_Done_for_an_unknown_key()
    {
        (await ReconcileAsync("never-seen")).ShouldBe(ReconciliationResult.Done);

        _controller.Calls.ShouldBeEmpty();
    }

    private void Add(string name, string version, string? uid = null) => _cluster.ProcessListed(Given.ConfigMap(name, version, uid));

    private void Delete(string name) => _cluster.Process(new(WatchEventType.Deleted, _cluster.Store.Get(new NamespacedName("shop", name))!));

    // Does what a worker does with one key.
    private async Task<ReconciliationResult?> WorkAsync()
    {
        if (_queue.Count == 0)
        {
            return null;
        }

        var key = await _queue.GetAsync(CancellationToken.None);
        var result = await _reconciler.ReconcileAsync(key, CancellationToken.None);
        _queue.Done(key);
        return result;
    }

    private Task<ReconciliationResult> ReconcileAsync(string name) => _reconciler.ReconcileAsync(new NamespacedName("shop", name), CancellationToken.None);
}
