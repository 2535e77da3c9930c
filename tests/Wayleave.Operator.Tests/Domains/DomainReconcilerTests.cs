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
    public async Task A_first_answer_is_remembered_and_the_client_decided_again()
    {
        await DeclaredAsync();
        Cache.Find(Domain, []).IsKnown.ShouldBeFalse();
        Queues.Domains.Count.ShouldBe(1);
        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found("203.0.113.1"));

        (await _stage.LookUpAsync(Domain)).Name.ShouldBe("requeue_after");

        Cache.Find(Domain, []).Addresses.ShouldBe(DomainStage.Addresses("203.0.113.1"));
        ClientIsDecidedAgain().ShouldBeTrue();
    }

    [Fact]
    public async Task The_same_answer_again_costs_nothing()
    {
        await AnsweredAsync();

        await _stage.LookUpAsync(Domain);

        ClientIsDecidedAgain().ShouldBeFalse();
    }

    [Fact]
    public async Task Another_answer_is_added_and_the_client_decided_again()
    {
        await AnsweredAsync();
        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found("203.0.113.2"));

        await _stage.LookUpAsync(Domain);

        Cache.Find(Domain, []).Addresses.ShouldBe(DomainStage.Addresses("203.0.113.1", "203.0.113.2"));
        ClientIsDecidedAgain().ShouldBeTrue();
    }

    [Fact]
    public async Task An_answer_in_the_ranges_of_Services_opens_nothing_also_when_they_become_known_later()
    {
        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found("203.0.113.7", "10.96.0.1"));
        await DeclaredAsync();
        await _stage.DecideAsync();
        await _stage.LookUpAsync(Domain);
        await _stage.DecideAsync();
        _stage.Open()!.Count.ShouldBe(2);
        ClientIsDecidedAgain();

        _stage.Cluster.User.Put(new V1ServiceCIDR { Metadata = new V1ObjectMeta { Name = "kubernetes" }, Spec = new V1ServiceCIDRSpec { Cidrs = ["10.96.0.0/12"] } });
        await DomainStage.UntilAsync(() => _stage.Get<ClusterCache>().Network.Current is { ServiceRanges.Count: 1 });

        await DomainStage.UntilAsync(() => Queues.Policies.Count > 0);
        await _stage.DecideAsync();
        _stage.Open().ShouldBe(["203.0.113.7/32"]);
        _stage.Targets().ShouldBe(["Failed UnsafeAddress"]);
    }

    [Fact]
    public async Task While_the_resolver_fails_the_last_answer_stays_however_long()
    {
        await AnsweredAsync();
        _stage.Resolver.Answer = _ => Task.FromResult(DomainLookup.Failed);
        _stage.Time.Advance(TimeSpan.FromDays(1));

        await _stage.LookUpAsync(Domain);

        var answer = Cache.Find(Domain, []);
        (answer.Addresses.Single().ToString(), answer.Failure).ShouldBe(("203.0.113.1", DomainFailures.ResolverFailed));
    }

    [Fact]
    public async Task A_resolver_that_throws_has_failed_and_the_name_is_looked_up_again()
    {
        await DeclaredAsync();
        Cache.Find(Domain, DomainStage.Addresses("203.0.113.1"));
        _stage.Resolver.Answer = _ => throw new InvalidOperationException("Something unexpected.");

        (await _stage.LookUpAsync(Domain)).Name.ShouldBe("requeue_after");

        Cache.Find(Domain, []).Addresses.ShouldBe(DomainStage.Addresses("203.0.113.1"));
    }

    [Fact]
    public async Task A_name_that_is_gone_loses_its_addresses_in_the_end()
    {
        await AnsweredAsync();
        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found());
        _stage.Time.Advance(TimeSpan.FromMinutes(11));

        await _stage.LookUpAsync(Domain);

        var answer = Cache.Find(Domain, []);
        (answer.Addresses.Count, answer.Failure).ShouldBe((0, DomainFailures.NotFound));
    }

    [Fact]
    public async Task A_name_that_no_client_declares_is_not_looked_up_and_is_forgotten()
    {
        Cache.Find(Domain, []);
        _stage.Resolver.Answer = _ => throw new InvalidOperationException("It was looked up.");

        (await _stage.ReconcileAsync(Domain)).ShouldBe(ReconciliationResult.Done);

        Cache.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_name_that_is_asked_for_while_it_is_being_forgotten_is_looked_up_further()
    {
        Cache.Find(Domain, []);
        var known = Cache.Get(Domain)!;

        // A client declares it, and relies on the answer, between the look at the declarations and the forgetting.
        await DeclaredAsync();
        Cache.Find(Domain, []);

        Cache.TryForget(known).ShouldBeFalse();
        Cache.Get(Domain).ShouldNotBeNull();
        Cache.TryForget(Cache.Get(Domain)!).ShouldBeTrue();
        Cache.Get(Domain).ShouldBeNull();
    }

    [Fact]
    public async Task A_name_that_was_forgotten_is_queued_when_it_is_asked_for_again()
    {
        Cache.Find(Domain, []);
        Queues.Domains.Done(await Queues.Domains.GetAsync(CancellationToken.None));
        await _stage.ReconcileAsync(Domain);

        Cache.Find(Domain, []);

        Queues.Domains.Count.ShouldBe(1);
    }

    private async Task AnsweredAsync()
    {
        await DeclaredAsync();
        Cache.Find(Domain, []);
        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found("203.0.113.1"));
        await _stage.LookUpAsync(Domain);
        ClientIsDecidedAgain().ShouldBeTrue();
    }

    private Task DeclaredAsync() => _stage.DeclareAsync(DomainStage.Internet(Domain));

    // Answers that arrive together are written together, a tenth of a second later.
    private bool ClientIsDecidedAgain()
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
