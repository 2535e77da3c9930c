using k8s.Models;
using Wayleave.Enforcement.Internet;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Tests.Domains;

public sealed class DomainReconcilerTests : IAsyncLifetime
{
    private const string Domain = "api.example.com";
    private DomainStage _stage = null!;

    private DomainCache Cache => _stage.Get<DomainCache>();

    private PolicyQueues Queues => _stage.Get<PolicyQueues>();

    public async Task InitializeAsync() => _stage = await DomainStage.StartAsync();

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Stores_the_first_answer_and_enqueues_the_client()
    {
        await DeclareDomainAsync();
        Cache.Find(Domain, []).IsKnown.ShouldBeFalse();
        Queues.Domains.Count.ShouldBe(1);
        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found("203.0.113.1"));

        (await _stage.LookUpAsync(Domain)).Name.ShouldBe("requeue_after");

        Cache.Find(Domain, []).Addresses.ShouldBe(DomainStage.Addresses("203.0.113.1"));
        IsClientEnqueued().ShouldBeTrue();
    }

    [Fact]
    public async Task Does_not_enqueue_the_client_when_the_answer_is_the_same()
    {
        await DeclareAndAnswerAsync();

        await _stage.LookUpAsync(Domain);

        IsClientEnqueued().ShouldBeFalse();
    }

    [Fact]
    public async Task Adds_a_new_address_to_the_known_ones_and_enqueues_the_client()
    {
        await DeclareAndAnswerAsync();
        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found("203.0.113.2"));

        await _stage.LookUpAsync(Domain);

        Cache.Find(Domain, []).Addresses.ShouldBe(DomainStage.Addresses("203.0.113.1", "203.0.113.2"));
        IsClientEnqueued().ShouldBeTrue();
    }

    [Fact]
    public async Task Removes_an_address_from_the_policy_when_a_later_ServiceCIDR_contains_it()
    {
        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found("203.0.113.7", "10.96.0.1"));
        await DeclareDomainAsync();
        await _stage.DecideAsync();
        await _stage.LookUpAsync(Domain);
        await _stage.DecideAsync();
        _stage.Open()!.Count.ShouldBe(2);
        IsClientEnqueued();

        _stage.Cluster.User.Put(new V1ServiceCIDR { Metadata = new V1ObjectMeta { Name = "kubernetes" }, Spec = new V1ServiceCIDRSpec { Cidrs = ["10.96.0.0/12"] } });
        await DomainStage.UntilAsync(() => _stage.Get<ClusterCache>().Network.Current is { ServiceRanges.Count: 1 });

        await DomainStage.UntilAsync(() => Queues.Policies.Count > 0);
        await _stage.DecideAsync();
        _stage.Open().ShouldBe(["203.0.113.7/32"]);
        _stage.Targets().ShouldBe(["Failed UnsafeAddress"]);
    }

    [Fact]
    public async Task Keeps_the_last_answer_and_reports_the_failure_while_the_resolver_fails()
    {
        await DeclareAndAnswerAsync();
        _stage.Resolver.Answer = _ => Task.FromResult(DomainLookupResult.Failed);
        _stage.Time.Advance(TimeSpan.FromDays(1));

        await _stage.LookUpAsync(Domain);

        var answer = Cache.Find(Domain, []);
        (answer.Addresses.Single().ToString(), answer.Failure).ShouldBe(("203.0.113.1", DomainFailures.ResolverFailed));
    }

    [Fact]
    public async Task Keeps_the_addresses_and_requeues_the_name_when_the_resolver_throws()
    {
        await DeclareDomainAsync();
        Cache.Find(Domain, DomainStage.Addresses("203.0.113.1"));
        _stage.Resolver.Answer = _ => throw new InvalidOperationException("Something unexpected.");

        (await _stage.LookUpAsync(Domain)).Name.ShouldBe("requeue_after");

        Cache.Find(Domain, []).Addresses.ShouldBe(DomainStage.Addresses("203.0.113.1"));
    }

    [Fact]
    public async Task Drops_the_addresses_of_a_missing_name_eleven_minutes_after_its_last_answer()
    {
        await DeclareAndAnswerAsync();
        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found());
        _stage.Time.Advance(TimeSpan.FromMinutes(11));

        await _stage.LookUpAsync(Domain);

        var answer = Cache.Find(Domain, []);
        (answer.Addresses.Count, answer.Failure).ShouldBe((0, DomainFailures.NotFound));
    }

    [Fact]
    public async Task Forgets_a_name_that_no_client_declares_without_looking_it_up()
    {
        Cache.Find(Domain, []);
        _stage.Resolver.Answer = _ => throw new InvalidOperationException("It was looked up.");

        (await _stage.ReconcileAsync(Domain)).ShouldBe(ReconciliationResult.Done);

        Cache.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Does_not_forget_a_name_that_was_used_after_it_was_read()
    {
        Cache.Find(Domain, []);
        var known = Cache.Get(Domain)!;

        // A client declares the name and uses its answer after the reconciler has read the declarations and before it forgets the name.
        await DeclareDomainAsync();
        Cache.Find(Domain, []);

        Cache.TryForget(known).ShouldBeFalse();
        Cache.Get(Domain).ShouldNotBeNull();
        Cache.TryForget(Cache.Get(Domain)!).ShouldBeTrue();
        Cache.Get(Domain).ShouldBeNull();
    }

    [Fact]
    public async Task Enqueues_a_forgotten_name_when_it_is_needed_again()
    {
        Cache.Find(Domain, []);
        Queues.Domains.Done(await Queues.Domains.GetAsync(CancellationToken.None));
        await _stage.ReconcileAsync(Domain);

        Cache.Find(Domain, []);

        Queues.Domains.Count.ShouldBe(1);
    }

    private async Task DeclareAndAnswerAsync()
    {
        await DeclareDomainAsync();
        Cache.Find(Domain, []);
        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found("203.0.113.1"));
        await _stage.LookUpAsync(Domain);
        IsClientEnqueued().ShouldBeTrue();
    }

    private Task DeclareDomainAsync() => _stage.DeclareAsync(DomainStage.Internet(Domain));

    // Clients are enqueued a tenth of a second late, so that answers that arrive together need one write.
    private bool IsClientEnqueued()
    {
        Drain();
        _stage.Time.Advance(TimeSpan.FromMilliseconds(100));
        return Drain();
    }

    private bool Drain()
    {
        var isAny = false;
        while (Queues.Policies.Count > 0)
        {
            Queues.Policies.Done(Queues.Policies.GetAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult());
            isAny = true;
        }

        return isAny;
    }
}
