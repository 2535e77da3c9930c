using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Reconciling;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Reconciling;

public sealed class ResultStoreTests : IDisposable
{
    private static readonly PolicyKey _cart = new(SubjectType.Workload, "shop", "cart");
    private static readonly NamespacedName _checkout = new("shop", "checkout");
    private readonly FakeMeters _meters = new();
    private readonly StatusQueues _queues;
    private readonly ResultStore _store;

    public ResultStoreTests()
    {
        _queues = new StatusQueues(ApiClients.Registry, new KubernetesMetrics(_meters), TimeProvider.System);
        _store = new ResultStore(_queues);
    }

    public void Dispose()
    {
        _queues.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task Enqueues_only_the_declarations_whose_results_changed()
    {
        (await PublishAsync(Results(TargetResult.Enforced))).ShouldBe([_checkout]);
        (await PublishAsync(Results(TargetResult.Enforced))).ShouldBeEmpty();
        (await PublishAsync(Results(TargetResult.Pending(Reasons.WriteFailed, "no")))).ShouldBe([_checkout]);
        (await PublishAsync(new PolicyResults())).ShouldBe([_checkout]);
    }

    [Fact]
    public async Task Enqueues_all_declarations_when_the_owner_of_the_policies_changes()
    {
        await PublishAsync(Results(TargetResult.Enforced));

        (await PublishAsync(Results(TargetResult.Enforced, new OwningInstallations(IsOwn: false, Other: "another")))).ShouldBe([_checkout]);
    }

    [Fact]
    public async Task Clear_forgets_all_results()
    {
        await PublishAsync(Results(TargetResult.Enforced));

        _store.Clear();

        _store.Get(_cart).Calls.ShouldBeEmpty();
        (await PublishAsync(Results(TargetResult.Enforced))).ShouldBe([_checkout]);
    }

    [Fact]
    public void Combining_owners_keeps_the_first_other_owner_in_alphabetical_order()
    {
        var owners = new OwningInstallations(IsOwn: true, Other: null).With(new OwningInstallations(false, "b")).With(OwningInstallations.None).With(new OwningInstallations(false, "a"));

        owners.ShouldBe(new OwningInstallations(IsOwn: true, Other: "a"));
    }

    // The keys that the results of cart enqueue.
    private async Task<IReadOnlyList<NamespacedName>> PublishAsync(PolicyResults results)
    {
        _store.Publish(_cart, results);
        _queues.Protections.Count.ShouldBe(0);
        var keys = new List<NamespacedName>();
        while (_queues.Intents.Count > 0)
        {
            var key = await _queues.Intents.GetAsync(CancellationToken.None);
            _queues.Intents.Done(key);
            keys.Add(key);
        }

        return keys;
    }

    private static PolicyResults Results(TargetResult result, OwningInstallations owners = default) => new()
    {
        Owners = owners,
        Calls = { [_checkout] = new Judged<IntentResult>("uid", 1, [new IntentResult(_checkout, 1, 0, result, PolicyName: null)]) },
    };
}
