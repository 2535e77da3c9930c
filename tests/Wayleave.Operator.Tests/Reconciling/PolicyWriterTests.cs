using System.Net;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Reconciling;

/// <summary>How the operator writes its own policies, and that it does not overwrite those of others.</summary>
public sealed class PolicyWriterTests : IDisposable
{
    private static readonly PolicyOwner _another = new(new string('b', 32));

    private readonly FakeCluster _cluster = Shop.Cluster();
    private readonly RecordedClient _client;
    private readonly KeptEvents _events = new();
    private readonly KeptLog _log = new();
    private readonly RunningOptions _options;

    public PolicyWriterTests()
    {
        _client = new RecordedClient(_cluster);
        _options = new RunningOptions { Client = _client, Recorder = _events, Logs = _log };
    }

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task Creates_a_policy_with_the_mark_of_the_installation_and_logs_its_declaration()
    {
        await using var running = await StartEnforcedAsync();

        _cluster.Policy()!.Metadata.Annotations![WayleaveLabels.Installation].ShouldBe(running.Mark);
        _client.Writes.ShouldBe([$"create NetworkPolicy shop/{Shop.CartPolicy}", "status ClientIntents shop/checkout"]);
        Logged("Declarations").ShouldBe(["ClientIntents shop/checkout"]);
    }

    [Fact]
    public async Task Logs_each_update_and_deletion_with_its_declarations()
    {
        await using var running = await StartEnforcedAsync();
        _cluster.User.Put(Shop.Workload("search"));
        _cluster.User.Put(Shop.Intents("search"));
        await running.SettleAsync();
        _cluster.User.Delete<ClientIntents>(Shop.Namespace, "search");
        await running.SettleAsync();
        _cluster.User.Delete<ClientIntents>(Shop.Namespace, "checkout");
        await running.SettleAsync();

        Logged("Declarations").ShouldBe(
            ["ClientIntents shop/checkout", "ClientIntents shop/checkout, ClientIntents shop/search", "ClientIntents shop/checkout", "ClientIntents shop/checkout"]);
        _events.All.ShouldNotContain(one => one.Reason == Reasons.DriftRepaired);
    }

    [Fact]
    public async Task Never_overwrites_a_policy_that_another_installation_creates_at_the_same_time()
    {
        _client.BeforeWrite = write =>
        {
            if (write.StartsWith("create NetworkPolicy", StringComparison.Ordinal))
            {
                _client.BeforeWrite = null;
                PutPolicyOfAnother();
            }
        };
        await using var running = await StartAsync();

        _cluster.Policy()!.Metadata.Generation.ShouldBe(1);
        PolicyOwner.ReadMark(_cluster.Policy()!).ShouldBe(_another.Installation);
        // Until the informer sees the policy, the create may be retried: it fails. An apply would overwrite.
        _client.Writes.Where(write => write.Contains("NetworkPolicy", StringComparison.Ordinal)).Distinct().ShouldBe([$"create NetworkPolicy shop/{Shop.CartPolicy}"]);
    }

    [Fact]
    public async Task Never_overwrites_a_version_that_it_has_not_seen()
    {
        await using var running = await StartEnforcedAsync();
        _client.BeforeWrite = write =>
        {
            if (write.StartsWith("patch NetworkPolicy", StringComparison.Ordinal))
            {
                _client.BeforeWrite = null;
                _cluster.User.Edit<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy, policy => policy.Metadata.Annotations![WayleaveLabels.Installation] = _another.Installation);
            }
        };

        _cluster.Tamper();
        await running.SettleAsync();

        PolicyOwner.ReadMark(_cluster.Policy()!).ShouldBe(_another.Installation);
        _cluster.Policy()!.Spec!.Ingress![0].FromProperty.ShouldBeNull();
    }

    [Fact]
    public async Task Adopts_a_policy_without_a_mark_when_it_is_wanted()
    {
        await using var running = await StartEnforcedAsync();

        _cluster.User.Edit<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy, policy => policy.Metadata.Annotations = null);
        await running.SettleAsync();

        _cluster.Policy()!.Metadata.Annotations![WayleaveLabels.Installation].ShouldBe(running.Mark);
    }

    [Fact]
    public async Task Leaves_a_policy_without_a_mark_alone_when_it_is_not_wanted()
    {
        await using var running = await StartEnforcedAsync();
        await running.StopLeadingAsync();
        _cluster.User.Edit<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy, policy => policy.Metadata.Annotations!.Remove(WayleaveLabels.Installation));
        _cluster.User.Delete<ClientIntents>(Shop.Namespace, "checkout");

        await running.LeadAsync();
        await running.SettleAsync();

        _cluster.Policy().ShouldNotBeNull();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Repairs_a_single_drift_at_once_and_records_an_Event_on_the_declaration(bool isDeleted)
    {
        await using var running = await StartEnforcedAsync();
        var version = _cluster.Policy()!.Metadata.ResourceVersion;
        var before = running.Elapsed;

        Drift(isDeleted);
        await running.UntilAsync("the repair", () => _cluster.Policy() is { } policy && policy.Metadata.ResourceVersion != version && IsRight(policy));

        (running.Elapsed - before).ShouldBeLessThan(TimeSpan.FromSeconds(1));
        await running.SettleAsync();
        _events.All.Select(one => (one.Regarding, one.Type, one.Reason)).ShouldBe([("ClientIntents shop/checkout", "Warning", Reasons.DriftRepaired)]);
        _cluster.Declared().Condition()!.Status.ShouldBe("True");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Backs_off_from_a_writer_that_undoes_every_write_and_reports_WriteConflict_meanwhile(bool isDeleted)
    {
        await using var running = await StartEnforcedAsync();
        var repairs = new List<TimeSpan>();
        for (var i = 0; i < 15; i++)
        {
            var before = running.Elapsed;
            Drift(isDeleted);
            await running.UntilAsync("the repair", () => _cluster.Policy() is { } policy && IsRight(policy));
            repairs.Add(running.Elapsed - before);
        }

        repairs[0].ShouldBeLessThan(TimeSpan.FromSeconds(1));
        repairs[^1].ShouldBeGreaterThan(TimeSpan.FromMinutes(4));
        repairs.ShouldAllBe(time => time <= WriteBackoff<string>.MaxDelay + TimeSpan.FromSeconds(1));
        await running.UntilAsync("the status to report the conflict", () => _cluster.Declared().Condition()!.Reason == Reasons.WriteConflict);
        _log.At(LogLevel.Warning).Count.ShouldBeInRange(1, 5);

        await running.SettleAsync();
        _cluster.Declared().Condition()!.Reason.ShouldBe(Reasons.Enforced);
    }

    [Fact]
    public async Task Reports_a_refusal_with_a_constant_message_and_logs_the_details()
    {
        _client.BeforeWrite = write =>
        {
            if (write.Contains("NetworkPolicy", StringComparison.Ordinal))
            {
                throw ApiErrors.Create(new V1Status { Reason = "Invalid", Message = $"attempt {Guid.NewGuid()}" }, HttpStatusCode.UnprocessableEntity);
            }
        };
        _cluster.User.Put(Shop.Intents());
        await using var running = await Shop.StartAsync(_cluster, _options);
        await running.UntilAsync("a few attempts", () => _client.Writes.Count(write => write.StartsWith("create", StringComparison.Ordinal)) >= 5);

        var ready = _cluster.Declared().Condition()!;
        ready.Reason.ShouldBe(Reasons.WriteFailed);
        ready.Message.ShouldNotContain("attempt");
        _client.Writes.Count(write => write.StartsWith("status", StringComparison.Ordinal)).ShouldBe(1);
        _log.At(LogLevel.Warning).ShouldContain(entry => entry.GetValueOrDefault("Error", "").Contains("attempt", StringComparison.Ordinal));
        _client.BeforeWrite = null;
    }

    [Fact]
    public async Task Records_a_WriteConflict_Event_when_the_API_server_stores_other_contents()
    {
        _client.Mutate = entity =>
        {
            if (entity is V1NetworkPolicy policy)
            {
                policy.Spec = new V1NetworkPolicySpec { PodSelector = policy.Spec!.PodSelector, PolicyTypes = ["Ingress"], Ingress = [] };
            }
        };
        _cluster.User.Put(Shop.Intents());
        await using var running = await Shop.StartAsync(_cluster, _options);

        await running.UntilAsync("the policy to be right", () => _cluster.Policy() is { } policy && IsRight(policy));

        _events.All.ShouldContain(one => one.Reason == Reasons.WriteConflict);
        _client.Mutate = null;
    }

    [Fact]
    public async Task Does_not_report_a_conflict_that_a_retry_resolves()
    {
        var conflicts = 3;
        _client.BeforeWrite = write =>
        {
            if (write.StartsWith("create", StringComparison.Ordinal) && conflicts-- > 0)
            {
                throw ApiErrors.Create(new V1Status { Reason = "Conflict", Message = "the object has been modified" }, HttpStatusCode.Conflict);
            }
        };
        await using var running = await StartEnforcedAsync();

        _client.Writes.Count(write => write.StartsWith("status", StringComparison.Ordinal)).ShouldBe(1);
        _events.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Attempts_no_further_writes_after_one_times_out()
    {
        _client.BeforeWrite = write =>
        {
            if (write.Contains("NetworkPolicy", StringComparison.Ordinal))
            {
                throw new TimeoutException();
            }
        };
        var plan = new Enforcement.Decisions.PolicyPlan([Wanted("one"), Wanted("two"), Wanted("three")], [], [], [], []);
        await using var running = await StartAsync(declare: false);
        var writer = running.Services.Part<PolicyWriter>();

        var writes = await writer.WriteAsync(new PolicyKey(SubjectType.Workload, "shop", "cart"), plan, PolicyResults.None, CancellationToken.None);

        _client.Writes.Count.ShouldBe(1);
        foreach (var policy in plan.Desired)
        {
            writes.FindRejection(policy.Metadata.Name)!.Reason.ShouldBe(Reasons.WriteFailed);
        }

        Should.Throw<TimeoutException>(() => writes.ToResult());
    }

    private async Task<RunningOperator> StartEnforcedAsync()
    {
        var running = await StartAsync();
        _cluster.Declared().Condition()!.Reason.ShouldBe(Reasons.Enforced);
        return running;
    }

    private async Task<RunningOperator> StartAsync(bool declare = true)
    {
        if (declare)
        {
            _cluster.User.Put(Shop.Intents());
        }

        var running = await Shop.StartAsync(_cluster, _options);
        await running.SettleAsync();
        return running;
    }

    private void Drift(bool isDeleted)
    {
        if (isDeleted)
        {
            _cluster.User.Delete<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy);
        }
        else
        {
            _cluster.Tamper();
        }
    }

    private static bool IsRight(V1NetworkPolicy policy) => policy.Spec!.Ingress is [_, { FromProperty: [{ PodSelector: not null }] }];

    private List<string> Logged(string property) =>
        [.. _log.At(LogLevel.Information).Where(entry => entry.ContainsKey(property)).Select(entry => entry[property])];

    private void PutPolicyOfAnother()
    {
        var policy = _another.WithMark(Wanted("cart"));
        policy.Metadata.Name = Shop.CartPolicy;
        _cluster.CreateAsync(policy, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static V1NetworkPolicy Wanted(string server) => NetworkPolicyBuilder.Ingress(
        new PolicySubject("Deployment", Shop.Namespace, server, new V1LabelSelector { MatchLabels = new Dictionary<string, string>() { ["app"] = server } }), []);
}
