using System.Globalization;
using Wayleave.Api;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Tests.Domains;

/// <summary>Policies of clients while their domains are not answered.</summary>
public sealed class DomainWaitTrackerTests : IAsyncLifetime
{
    private const string Fast = "fast.example.com";
    private const string Slow = "slow.example.com";
    private readonly TaskCompletionSource<DomainLookupResult> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DomainStage _stage = null!;

    public async Task InitializeAsync()
    {
        _stage = await DomainStage.StartAsync();
        _stage.Resolver.Answer = domain => domain == Slow ? _held.Task : Task.FromResult(ScriptedResolver.Found("203.0.113.1"));
    }

    public async Task DisposeAsync() => await _stage.DisposeAsync();

    [Fact]
    public async Task Writes_the_first_policy_of_a_client_as_soon_as_all_domains_are_answered()
    {
        await _stage.DeclareAsync(DomainStage.Internet(Fast), DomainStage.Ips("198.51.100.7"));
        (await _stage.DecideAsync()).Name.ShouldBe("requeue_after");
        _stage.Open().ShouldBeNull();

        await _stage.LookUpAsync(Fast);

        (await _stage.DecideAsync()).ShouldBe(ReconciliationResult.Done);
        _stage.Open().ShouldBe(["198.51.100.7/32", "203.0.113.1/32"]);
        _stage.Targets().ShouldBe(["Enforced Enforced", "Enforced Enforced"]);
    }

    [Fact]
    public async Task Writes_the_first_policy_after_five_seconds_and_reports_the_slow_domain_as_Pending()
    {
        await _stage.DeclareAsync(DomainStage.Internet(Slow), DomainStage.Internet(Fast), DomainStage.Ips("198.51.100.7"), Cart());
        await _stage.DecideAsync();
        await StartAsync(Slow);
        await _stage.LookUpAsync(Fast);

        _stage.Time.Advance(DomainWaitTracker.Limit - TimeSpan.FromTicks(1));
        (await _stage.DecideAsync()).Name.ShouldBe("requeue_after");
        _stage.Open().ShouldBeNull();

        _stage.Time.Advance(TimeSpan.FromTicks(1));
        (await _stage.DecideAsync()).ShouldBe(ReconciliationResult.Done);
        _stage.Open().ShouldBe(["cart", "198.51.100.7/32", "203.0.113.1/32"]);
        _stage.Targets().ShouldBe(["Pending DomainNotResolved", "Enforced Enforced", "Enforced Enforced", "Enforced Enforced"]);

        _held.SetResult(ScriptedResolver.Found("203.0.113.2"));
        await _stage.LookUpAsync(Slow);
        await _stage.DecideAsync();
        _stage.Open().ShouldBe(["cart", "198.51.100.7/32", "203.0.113.1/32", "203.0.113.2/32"]);
        _stage.Targets()[0].ShouldBe("Enforced Enforced");
    }

    [Fact]
    public async Task A_hundred_unanswered_domains_delay_the_first_policy_by_at_most_five_seconds()
    {
        var domains =
            Enumerable.Range(0, 100).Select(number => string.Create(CultureInfo.InvariantCulture, $"slow-{number}.example.com")).ToArray();
        _stage.Resolver.Answer = _ => _held.Task;
        await _stage.DeclareAsync(DomainStage.Internet(domains), DomainStage.Ips("198.51.100.7"));
        await _stage.DecideAsync();

        _stage.Time.Advance(DomainWaitTracker.Limit);

        (await _stage.DecideAsync()).ShouldBe(ReconciliationResult.Done);
        _stage.Open().ShouldBe(["198.51.100.7/32"]);
    }

    [Fact]
    public async Task Updates_an_existing_policy_at_once_and_the_status_when_the_new_domain_is_answered()
    {
        await EnforceAsync(DomainStage.Internet(Fast));

        await _stage.DeclareAsync(DomainStage.Internet(Fast), DomainStage.Internet(Slow), DomainStage.Ips("198.51.100.7"));
        (await _stage.DecideAsync()).Name.ShouldBe("requeue_after");

        _stage.Open().ShouldBe(["198.51.100.7/32", "203.0.113.1/32"]);
        _stage.Targets().ShouldBe(["Enforced Enforced"]);

        _held.SetResult(ScriptedResolver.Found("203.0.113.2"));
        await _stage.LookUpAsync(Slow);
        await _stage.DecideAsync();
        _stage.Targets().ShouldBe(["Enforced Enforced", "Enforced Enforced", "Enforced Enforced"]);
    }

    [Fact]
    public async Task Keeps_all_60_addresses_of_a_domain_after_a_restart_while_the_resolver_fails()
    {
        var addresses =
            Enumerable.Range(1, 60).Select(number => string.Create(CultureInfo.InvariantCulture, $"203.0.113.{number}")).ToArray();
        await EnforceAsync([DomainStage.Internet(Fast)], addresses);
        var before = _stage.Open();
        var writes = _stage.Cluster.Writes.Count(write => write.Contains("networkpolicies", StringComparison.Ordinal));
        before!.Count.ShouldBe(60);

        await _stage.RestartAsync();
        _stage.Resolver.Answer = _ => Task.FromResult(DomainLookupResult.Failed);
        await _stage.DecideAsync();
        _stage.Open().ShouldBe(before);
        _stage.Targets().ShouldBe(["Enforced Enforced"]);
        await _stage.LookUpAsync(Fast);
        _stage.Time.Advance(TimeSpan.FromHours(1));
        await _stage.DecideAsync();

        _stage.Open().ShouldBe(before);
        _stage.Targets().ShouldBe(["Pending DomainNotResolved"]);
        _stage.Cluster.Writes.Count(write => write.Contains("networkpolicies", StringComparison.Ordinal)).ShouldBe(writes);

        _stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found("203.0.113.99"));
        await _stage.LookUpAsync(Fast);
        await _stage.DecideAsync();
        _stage.Open()!.ShouldContain("203.0.113.99/32");
        _stage.Targets().ShouldBe(["Enforced Enforced"]);
    }

    [Fact]
    public async Task Removes_a_target_that_a_user_deletes_while_a_domain_is_not_answered()
    {
        await EnforceAsync(DomainStage.Internet(Fast), DomainStage.Ips("198.51.100.7"));
        await _stage.RestartAsync();
        _stage.Resolver.Answer = _ => _held.Task;
        await _stage.DecideAsync();

        await _stage.DeclareAsync(DomainStage.Internet(Fast));
        await _stage.DecideAsync();
        _stage.Time.Advance(DomainWaitTracker.Limit);
        await _stage.DecideAsync();

        _stage.Open().ShouldBe(["203.0.113.1/32"]);
    }

    [Fact]
    public async Task Does_not_keep_the_addresses_of_a_domain_that_another_one_replaces()
    {
        await EnforceAsync(DomainStage.Internet(Fast));
        await _stage.RestartAsync();

        await _stage.DeclareAsync(DomainStage.Internet(Slow));
        await _stage.DecideAsync();
        _stage.Time.Advance(DomainWaitTracker.Limit);
        await _stage.DecideAsync();

        _stage.Open().ShouldBe([]);
        _stage.Targets().ShouldBe(["Pending DomainNotResolved"]);
    }

    [Fact]
    public async Task Keeps_the_addresses_of_a_domain_that_moves_to_another_target_index()
    {
        await EnforceAsync(DomainStage.Internet(Fast));
        await _stage.RestartAsync();
        _stage.Resolver.Answer = _ => _held.Task;

        await _stage.DeclareAsync(DomainStage.Ips("198.51.100.7"), DomainStage.Internet(Fast));
        await _stage.DecideAsync();
        _stage.Time.Advance(DomainWaitTracker.Limit);
        await _stage.DecideAsync();

        _stage.Open().ShouldBe(["198.51.100.7/32", "203.0.113.1/32"]);
    }

    [Fact]
    public async Task An_edit_does_not_extend_the_wait_for_answers()
    {
        await _stage.DeclareAsync(DomainStage.Internet(Slow));
        await _stage.DecideAsync();
        _stage.Time.Advance(TimeSpan.FromSeconds(4));
        await _stage.DeclareAsync(DomainStage.Internet(Slow), DomainStage.Ips("198.51.100.7"));
        await _stage.DecideAsync();

        _stage.Time.Advance(TimeSpan.FromSeconds(1));

        (await _stage.DecideAsync()).ShouldBe(ReconciliationResult.Done);
        _stage.Open().ShouldBe(["198.51.100.7/32"]);
    }

    private async Task EnforceAsync(params IntentTarget[] targets) => await EnforceAsync(targets, ["203.0.113.1"]);

    private async Task EnforceAsync(IntentTarget[] targets, string[] addresses)
    {
        _stage.Resolver.Answer = domain => domain == Slow ? _held.Task : Task.FromResult(ScriptedResolver.Found(addresses));
        await _stage.DeclareAsync(targets);
        await _stage.DecideAsync();
        await _stage.LookUpAsync(Fast);
        (await _stage.DecideAsync()).ShouldBe(ReconciliationResult.Done);
        _stage.Targets().ShouldAllBe(target => target == "Enforced Enforced");
    }

    private async Task StartAsync(string domain)
    {
        (await _stage.ReconcileAsync(domain)).ShouldBe(ReconciliationResult.NoRequeue);
        await DomainStage.UntilAsync(() => _stage.Resolver.IsRunning(1));
    }

    private static IntentTarget Cart() => new() { Kubernetes = new KubernetesTarget { Name = "cart" } };
}
