using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Tests.Domains;

/// <summary>Answers of DNS that the network mapper has seen, and the egress policy of the client that got them.</summary>
public sealed class ObservedAnswerTests : IAsyncLifetime
{
    private const string Wildcard = "*.example.com";
    private DomainStage _stage = null!;

    public async Task InitializeAsync() => _stage = await DomainStage.StartAsync(readsObserved: true);

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task A_wildcard_waits_for_the_first_answer_and_other_targets_do_not()
    {
        await _stage.DeclareAsync(DomainStage.Internet(Wildcard), DomainStage.Ips("198.51.100.7"));
        (await _stage.DecideAsync()).ShouldBe(ReconciliationResult.Done);
        _stage.Open().ShouldBe(["198.51.100.7/32"]);
        _stage.Targets().ShouldBe(["Pending NoAnswerSeen", "Enforced Enforced"]);
        _stage.Cluster.List<ClientIntents>().Single().Status!.Conditions!.Single().Status.ShouldBe("True");

        await SeeAsync(("a.example.com", ["203.0.113.1"]), ("b.c.example.com", ["203.0.113.2"]), ("example.net", ["203.0.113.3"]));
        IsClientEnqueued().ShouldBeTrue();
        await _stage.DecideAsync();

        _stage.Open().ShouldBe(["198.51.100.7/32", "203.0.113.1/32", "203.0.113.2/32"]);
        _stage.Targets().ShouldBe(["Enforced Enforced", "Enforced Enforced"]);
        _stage.Cluster.List<ClientIntents>().Single().Status!.Targets![0].ObservedAddresses.ShouldBe(["203.0.113.1", "203.0.113.2"]);
    }

    [Fact]
    public async Task An_exact_domain_has_the_addresses_of_both_resolvers()
    {
        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found("203.0.113.1"));
        await _stage.DeclareAsync(DomainStage.Internet("api.example.com"));
        await SeeAsync(("api.example.com", ["192.0.2.9"]));
        await _stage.DecideAsync();
        await _stage.LookUpAsync("api.example.com");
        await _stage.DecideAsync();

        _stage.Open().ShouldBe(["192.0.2.9/32", "203.0.113.1/32"]);
        _stage.Cluster.List<ClientIntents>().Single().Status!.Targets![0].ObservedAddresses.ShouldBe(["192.0.2.9"]);
    }

    [Fact]
    public async Task Enqueues_only_the_clients_whose_declared_domains_have_new_answers()
    {
        await _stage.DeclareAsync(DomainStage.Internet(Wildcard));
        await SeeAsync(("a.example.com", ["203.0.113.1"]));
        IsClientEnqueued().ShouldBeTrue();

        var seen = Seen(("a.example.com", ["203.0.113.1"]));
        seen.Calls[0].Last = new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc);
        seen.Calls[0].Outcome = ObservedOutcomes.Connected;
        await PutAsync(seen);
        IsClientEnqueued().ShouldBeFalse();
        await SeeAsync(("a.example.com", ["203.0.113.1"]), ("other.example.net", ["203.0.113.2"]));
        IsClientEnqueued().ShouldBeFalse();
        var other = Seen(("a.example.com", ["203.0.113.5"]));
        (other.Metadata.Name, other.Workload.Name) = ("deployment-cart", "cart");
        await PutAsync(other);
        IsClientEnqueued().ShouldBeFalse();

        await SeeAsync(("a.example.com", ["203.0.113.1", "203.0.113.4"]));
        IsClientEnqueued().ShouldBeTrue();
    }

    [Fact]
    public async Task Keeps_all_addresses_after_the_entry_was_deleted_also_after_a_restart()
    {
        string[] addresses = [.. Enumerable.Range(1, 40).Select(number => $"203.0.113.{number}")];
        await _stage.DeclareAsync(DomainStage.Internet(Wildcard));
        await SeeAsync(("a.example.com", addresses[..20]), ("b.example.com", addresses[20..]));
        await _stage.DecideAsync();
        var before = _stage.Open()!;
        before.Count.ShouldBe(40);

        _stage.Cluster.User.Delete<ObservedIntents>(DomainStage.Shop, "deployment-checkout");
        await _stage.WaitForCachesAsync();
        IsClientEnqueued().ShouldBeTrue();
        await _stage.DecideAsync();
        _stage.Open().ShouldBe(before);
        _stage.Targets().ShouldBe(["Enforced LastKnownAddresses"]);

        await _stage.RestartAsync();
        _stage.Time.Advance(TimeSpan.FromDays(60));
        await _stage.DecideAsync();
        _stage.Open().ShouldBe(before);
        _stage.Targets().ShouldBe(["Enforced LastKnownAddresses"]);

        // A new entry knows few names at first.
        var again = Seen(("c.example.com", ["203.0.113.99"]));
        again.Metadata.CreationTimestamp = _stage.Time.GetUtcNow().UtcDateTime;
        await PutAsync(again);
        await _stage.DecideAsync();
        _stage.Open().ShouldBe([.. before, "203.0.113.99/32"], ignoreOrder: true);

        _stage.Time.Advance(TimeSpan.FromDays(1));
        (await _stage.DecideAsync()).Name.ShouldBe("requeue_after");
        _stage.Time.Advance(TimeSpan.FromMinutes(11));
        (await _stage.DecideAsync()).ShouldBe(ReconciliationResult.Done);
        _stage.Open().ShouldBe(["203.0.113.99/32"]);
        _stage.Targets().ShouldBe(["Enforced Enforced"]);
    }

    [Fact]
    public async Task Closes_an_address_ten_minutes_after_the_map_replaced_it()
    {
        await _stage.DeclareAsync(DomainStage.Internet(Wildcard));
        await SeeAsync(("a.example.com", ["203.0.113.1"]));
        (await _stage.DecideAsync()).ShouldBe(ReconciliationResult.Done);

        await SeeAsync(("a.example.com", ["203.0.113.2"]));
        (await _stage.DecideAsync()).Name.ShouldBe("requeue_after");
        _stage.Open()!.Count.ShouldBe(2);
        _stage.Time.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        (await _stage.DecideAsync()).ShouldBe(ReconciliationResult.Done);

        _stage.Open().ShouldBe(["203.0.113.2/32"]);
    }

    [Fact]
    public async Task Removes_the_addresses_with_the_domain()
    {
        await _stage.DeclareAsync(DomainStage.Internet(Wildcard), DomainStage.Ips("198.51.100.7"));
        await SeeAsync(("a.example.com", ["203.0.113.1"]));
        await _stage.DecideAsync();
        _stage.Cluster.User.Delete<ObservedIntents>(DomainStage.Shop, "deployment-checkout");

        await _stage.DeclareAsync(DomainStage.Ips("198.51.100.7"));
        await _stage.DecideAsync();
        _stage.Open().ShouldBe(["198.51.100.7/32"]);

        await _stage.DeclareAsync(DomainStage.Internet(Wildcard), DomainStage.Ips("198.51.100.7"));
        await _stage.DecideAsync();
        _stage.Open().ShouldBe(["198.51.100.7/32"]);
    }

    [Fact]
    public async Task An_address_of_the_cluster_stays_closed()
    {
        _stage.Cluster.User.Put(new V1ServiceCIDR { Metadata = new V1ObjectMeta { Name = "kubernetes" }, Spec = new V1ServiceCIDRSpec { Cidrs = ["10.96.0.0/12"] } });
        await _stage.DeclareAsync(DomainStage.Internet(Wildcard));
        await SeeAsync(("a.example.com", ["203.0.113.1", "10.96.0.1", "169.254.169.254"]));
        await _stage.DecideAsync();

        _stage.Open().ShouldBe(["203.0.113.1/32"]);
        _stage.Targets().ShouldBe(["Failed UnsafeAddress"]);
    }

    [Fact]
    public async Task Does_as_without_the_map_where_it_is_not_served()
    {
        _stage.ServesObserved = false;
        await _stage.RestartAsync();
        await _stage.DeclareAsync(DomainStage.Internet(Wildcard));
        _stage.Cluster.User.Put(Seen(("a.example.com", ["203.0.113.1"])));

        (await _stage.DecideAsync()).ShouldBe(ReconciliationResult.Done);

        _stage.Open().ShouldBe([]);
        _stage.Targets().ShouldBe(["NotSupported WildcardDomain"]);
    }

    private static ObservedIntents Seen(params (string Name, string[] Addresses)[] names) => new()
    {
        Metadata = new V1ObjectMeta { Name = "deployment-checkout", NamespaceProperty = DomainStage.Shop, CreationTimestamp = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc) },
        Workload = new ObservedWorkload { Name = "checkout", Kind = "Deployment" },
        Since = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc),
        Calls =
        [
            .. names.Select(name => new ObservedCall
            {
                Target = new IntentTarget { Internet = new InternetTarget { Domains = [name.Name] } },
                Outcome = ObservedOutcomes.Resolved,
                Sources = [ObservedSources.Dns],
                Addresses = [.. name.Addresses],
            }),
        ],
    };

    private Task SeeAsync(params (string Name, string[] Addresses)[] names) => PutAsync(Seen(names));

    private async Task PutAsync(ObservedIntents seen)
    {
        _stage.Cluster.User.Put(seen);
        await _stage.WaitForCachesAsync();
    }

    private bool IsClientEnqueued()
    {
        Drain();
        _stage.Time.Advance(TimeSpan.FromMilliseconds(100));
        return Drain();
    }

    private bool Drain()
    {
        var queue = _stage.Get<PolicyQueues>().Policies;
        var isAny = false;
        while (queue.Count > 0)
        {
            queue.Done(queue.GetAsync(CancellationToken.None).AsTask().GetAwaiter().GetResult());
            isAny = true;
        }

        return isAny;
    }
}
