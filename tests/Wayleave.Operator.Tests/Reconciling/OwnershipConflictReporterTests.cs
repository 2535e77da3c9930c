using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Reconciling;

/// <summary>Two operators in one cluster, in different namespaces.</summary>
public sealed class OwnershipConflictReporterTests : IDisposable
{
    private readonly FakeCluster _cluster = Shop.Cluster();
    private readonly RecordedClient _firstClient;
    private readonly RecordedClient _secondClient;
    private readonly KeptLog _log = new();

    public OwnershipConflictReporterTests() => (_firstClient, _secondClient) = (new RecordedClient(_cluster), new RecordedClient(_cluster));

    public static TheoryData<EnforcementMode> Modes => [.. Enum.GetValues<EnforcementMode>()];

    public void Dispose() => _log.Dispose();

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task Leaves_the_policies_of_the_first_alone_in_every_mode_and_reports_OwnedByAnother(EnforcementMode mode)
    {
        _cluster.User.Put(Shop.Intents());
        await using var first = await StartFirstAsync();
        await first.SettleAsync();
        var before = _cluster.Policy()!.Metadata.ResourceVersion;
        var status = _cluster.Declared().Condition()!;

        await using var second = await StartSecondAsync(mode);
        await SettleAsync(first, second);

        _cluster.Policy()!.Metadata.ResourceVersion.ShouldBe(before);
        _secondClient.Writes.ShouldBe(["condition ClientIntents shop/checkout"]);
        var condition = _cluster.Declared().Condition(ConditionTypes.OwnedByAnother)!;
        (condition.Status, condition.Reason).ShouldBe(("True", Reasons.OwnedByAnother));
        condition.Message.ShouldContain("gitops");
        _cluster.Declared().Condition()!.Reason.ShouldBe(status.Reason);
        _log.At(LogLevel.Warning).ShouldContain(entry => entry.GetValueOrDefault("Reason") == Reasons.OwnedByAnother && entry["Owner"] == first.Mark && entry["Installation"] == second.Mark);
    }

    [Fact]
    public async Task Writes_no_policies_while_both_run_and_declarations_change()
    {
        await using var first = await StartFirstAsync();
        await using var second = await StartSecondAsync(EnforcementMode.Shadow);
        _cluster.User.Put(Shop.Intents());
        await SettleAsync(first, second);
        foreach (var client in new[] { "search", "orders", "billing" })
        {
            _cluster.User.Put(Shop.Workload(client));
            _cluster.User.Put(Shop.Intents(client));
            await SettleAsync(first, second);
            _cluster.Tamper();
            await SettleAsync(first, second);
            _cluster.User.Edit<ClientIntents>(Shop.Namespace, client, intents => intents.Spec.Targets.Add(new IntentTarget { Kubernetes = new KubernetesTarget { Name = client } }));
            await SettleAsync(first, second);
        }

        _secondClient.Writes.ShouldNotContain(write => write.Contains("NetworkPolicy", StringComparison.Ordinal));
        _secondClient.Writes.Count.ShouldBeLessThanOrEqualTo(2 * 4);
        _cluster.List<ClientIntents>().ShouldAllBe(intents => intents.Status!.ObservedGeneration == intents.Metadata.Generation && intents.Condition(ConditionTypes.Ready)!.Reason == Reasons.Enforced);
    }

    [Fact]
    public async Task Takes_over_a_policy_when_the_mark_of_the_first_is_removed()
    {
        _cluster.User.Put(Shop.Intents());
        var first = await StartFirstAsync();
        await first.SettleAsync();
        await using var second = await StartSecondAsync(EnforcementMode.Enforce);
        await SettleAsync(first, second);
        await first.DisposeAsync();

        _cluster.User.Edit<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy, policy => policy.Metadata.Annotations!.Remove(WayleaveLabels.Installation));
        await second.SettleAsync();

        PolicyOwner.ReadMark(_cluster.Policy()!).ShouldBe(second.Mark);
        _cluster.Declared().Condition(ConditionTypes.OwnedByAnother).ShouldBeNull();
        _cluster.Declared().Condition()!.Reason.ShouldBe(Reasons.Enforced);
    }

    [Fact]
    public async Task Reports_OwnedByAnother_for_an_edit_after_the_first_has_stopped()
    {
        _cluster.User.Put(Shop.Intents());
        await using (var first = await StartFirstAsync())
        {
            await first.SettleAsync();
        }

        await using var second = await StartSecondAsync(EnforcementMode.Enforce);
        await second.SettleAsync();
        _cluster.Declared().Condition()!.Reason.ShouldBe(Reasons.Enforced);

        _cluster.User.Edit<ClientIntents>(Shop.Namespace, "checkout", intents => intents.Spec.Targets.Add(new IntentTarget { Kubernetes = new KubernetesTarget { Name = "checkout" } }));
        await second.SettleAsync();

        var declared = _cluster.Declared();
        declared.Status!.ObservedGeneration.ShouldBe(declared.Metadata.Generation);
        declared.Condition()!.Reason.ShouldBe(Reasons.OwnedByAnother);
    }

    [Fact]
    public async Task Never_updates_a_policy_that_the_other_installation_created_first()
    {
        await using var first = await StartFirstAsync();
        await using var second = await StartSecondAsync(EnforcementMode.Enforce);
        foreach (var client in new[] { "checkout", "search", "orders" })
        {
            _cluster.User.Put(Shop.Workload(client));
            _cluster.User.Put(Shop.Intents(client));
        }

        await SettleAsync(first, second);

        var owner = PolicyOwner.ReadMark(_cluster.Policy()!);
        var loser = owner == first.Mark ? _secondClient : _firstClient;
        loser.Writes.Where(write => write.Contains("NetworkPolicy", StringComparison.Ordinal)).ShouldAllBe(write => write.StartsWith("create", StringComparison.Ordinal));
        _cluster.List<ClientIntents>().ShouldAllBe(intents => intents.Condition(ConditionTypes.Ready)!.Reason == Reasons.Enforced);
    }

    [Fact]
    public async Task An_operator_that_restarts_in_the_same_namespace_is_the_same_installation()
    {
        _cluster.User.Put(Shop.Intents());
        await using (var first = await StartFirstAsync())
        {
            await first.SettleAsync();
        }

        await using var later = await StartFirstAsync();
        await later.SettleAsync();

        _cluster.Declared().Condition(ConditionTypes.OwnedByAnother).ShouldBeNull();
        _firstClient.Writes.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Two_installations_that_write_different_statuses_back_off()
    {
        // Neither writes policies, and their default modes differ, so that their statuses never agree.
        _cluster.User.Put(Shop.Intents());
        await using var first = await Shop.StartAsync(_cluster, new RunningOptions { Client = _firstClient, Logs = _log }, EnforcementMode.Shadow);
        await using var second = await StartSecondAsync(Enum.GetValues<EnforcementMode>()[^1]);

        // The clock of one stands still while the other works, so that each waits only for its own backoff.
        for (var i = 0; i < 20; i++)
        {
            await Task.WhenAll(first.UntilAsync("a while", Pass(first, 60)), second.UntilAsync("a while", Pass(second, 60)));
        }

        _firstClient.Writes.Count.ShouldBeInRange(5, 60);
        _log.At(LogLevel.Warning).ShouldContain(entry => entry.GetValueOrDefault("Kind") == nameof(ClientIntents));
    }

    private static Func<bool> Pass(RunningOperator running, int seconds)
    {
        var until = running.Elapsed + TimeSpan.FromSeconds(seconds);
        return () => running.Elapsed >= until || running.IsResting;
    }

    private Task<RunningOperator> StartFirstAsync() => Shop.StartAsync(_cluster, new RunningOptions { Client = _firstClient });

    private Task<RunningOperator> StartSecondAsync(EnforcementMode mode) =>
        Shop.StartAsync(_cluster, new RunningOptions { Client = _secondClient, Namespace = "gitops", Logs = _log }, mode);

    // What one writes enqueues keys in the other.
    private static async Task SettleAsync(RunningOperator first, RunningOperator second)
    {
        for (var i = 0; i < 3; i++)
        {
            await first.SettleAsync();
            await second.SettleAsync();
        }
    }
}
