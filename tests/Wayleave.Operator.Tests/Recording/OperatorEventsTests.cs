using System.Net;
using k8s;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Api;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Recording;
using Wayleave.Operator.Telemetry;
using Wayleave.Operator.Tests.Domains;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Operator.Tests.Tracing;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Recording;

/// <summary>What the whole operator publishes to the event store, with a fake API server.</summary>
public sealed class OperatorEventsTests : IDisposable
{
    private readonly FakeCluster _cluster = Shop.Cluster();
    private readonly TraceLog _log = new();

    private RunningOptions Recorded => new() { Events = true, Logs = _log };

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task An_edit_is_told_from_the_policy_to_the_condition_under_the_trace_IDs_of_the_log()
    {
        // Last comes the Deployment, because only the reconcile of the policy enqueues the status then.
        _cluster.User.Delete<PartialDeployment>(Shop.Namespace, "cart");
        await using var running = await Shop.StartAsync(_cluster, Recorded);
        var events = new EventLog(running.Services);
        _cluster.User.Put(Shop.Intents());
        await running.SettleAsync();
        _cluster.User.Put(Shop.Workload("cart"));
        await running.SettleAsync();

        var (created, policy) = events.Single<PolicyCreated>();
        EventLog.Subjects(created).ShouldBe(["clientintents/shop/checkout", "networkpolicy/shop/wayleave-deployment-cart-ingress"]);
        (policy.Namespace, policy.Name, policy.Cluster).ShouldBe((Shop.Namespace, Shop.CartPolicy, null));
        policy.Changes.ShouldBe(
        [
            "+ selects app=cart", "+ isolates ingress",
            "+ from Pods app=cart to ports all", "+ from Pods app=checkout in namespace shop to ports all",
        ]);
        _log.Lines.ShouldContain((Shop.CartPolicy, created.Run!));

        var changed = events.Of<ConditionChanged>()[^1];
        var condition = (ConditionChanged)changed.Payload;
        EventLog.Subjects(changed).ShouldBe(["clientintents/shop/checkout"]);
        (condition.Condition, condition.Status, condition.Reason, condition.OldStatus).ShouldBe(("Ready", "True", "Enforced", "False"));
        changed.Run.ShouldNotBe(created.Run);
        changed.ParentRun.ShouldBe(created.Run);
    }

    [Fact]
    public async Task An_update_and_a_deletion_have_the_rules_that_changed()
    {
        _cluster.User.Put(Shop.Workload("admin"));
        await using var running = await Shop.StartAsync(_cluster, Recorded);
        var events = new EventLog(running.Services);
        _cluster.User.Put(Shop.Intents());
        await running.SettleAsync();
        _cluster.User.Put(Shop.Intents("admin"));
        await running.SettleAsync();
        _cluster.User.Delete<ClientIntents>(Shop.Namespace, "admin");
        _cluster.User.Delete<ClientIntents>(Shop.Namespace, "checkout");
        await running.SettleAsync();

        var updates = events.Of<PolicyUpdated>();
        ((PolicyUpdated)updates[0].Payload).Changes.ShouldBe(["+ from Pods app=admin in namespace shop to ports all"]);
        EventLog.Subjects(updates[0]).ShouldContain("clientintents/shop/admin");
        var (deleted, policy) = events.Single<PolicyDeleted>();
        policy.Changes.ShouldContain("- isolates ingress");
        EventLog.Subjects(deleted)[^1].ShouldBe("networkpolicy/shop/wayleave-deployment-cart-ingress");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_policy_that_someone_else_changed_or_deleted_is_restored(bool isDeleted)
    {
        await using var running = await Shop.StartAsync(_cluster, Recorded);
        var events = new EventLog(running.Services);
        _cluster.User.Put(Shop.Intents());
        await running.SettleAsync();
        if (isDeleted)
        {
            _cluster.User.Delete<V1NetworkPolicy>(Shop.Namespace, Shop.CartPolicy);
        }
        else
        {
            _cluster.Tamper();
        }

        await running.SettleAsync();

        var (restored, policy) = events.Single<PolicyRestored>();
        restored.Provenance.ShouldBe(EventProvenance.Inferred);
        policy.WasDeleted.ShouldBe(isDeleted);
        policy.Changes.ShouldContain("+ from Pods app=checkout in namespace shop to ports all");
        policy.Changes.Contains("- from anyone to ports all").ShouldBe(!isDeleted);
        events.Of<PolicyUpdated>().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_rejected_write_and_the_failed_reconcile_are_recorded_without_their_message()
    {
        var client = new RecordedClient(_cluster);
        client.BeforeWrite = write =>
        {
            if (write.Contains("NetworkPolicy", StringComparison.OrdinalIgnoreCase))
            {
                client.BeforeWrite = null;
                throw new KubernetesException(new V1Status { Code = (int)HttpStatusCode.Forbidden, Message = "secret quota of team red" });
            }
        };
        await using var running = await Shop.StartAsync(_cluster, Recorded with { Client = client });
        var events = new EventLog(running.Services);
        _cluster.User.Put(Shop.Intents());
        await running.SettleAsync();

        var (rejected, policy) = events.Single<PolicyRejected>();
        (policy.Name, policy.StatusCode).ShouldBe((Shop.CartPolicy, 403));
        EventLog.Subjects(rejected)[0].ShouldBe("clientintents/shop/checkout");
        var (failed, reconcile) = events.Single<ReconcileFailed>();
        failed.Run.ShouldBe(rejected.Run);
        (reconcile.Controller, reconcile.Attempt, reconcile.Error).ShouldBe(("policies", 1, "403"));
        events.Events.ShouldAllBe(published => !published.Payload.ToString().Contains("team red", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_status_that_does_not_change_Ready_is_recorded_as_written()
    {
        await using var running = await Shop.StartAsync(_cluster, Recorded);
        var events = new EventLog(running.Services);
        _cluster.User.Put(Shop.Intents());
        await running.SettleAsync();
        _cluster.User.Edit<ClientIntents>(Shop.Namespace, "checkout", intents => intents.Spec.Targets![0].Kubernetes!.Ports = [8080]);
        await running.SettleAsync();

        var written = events.Of<StatusWritten>();
        ((StatusWritten)written[^1].Payload).ShouldBe(new StatusWritten(2, "True", "Enforced"));
        events.Of<ConditionChanged>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_relist_is_recorded()
    {
        await using var running = await Shop.StartAsync(_cluster, Recorded);
        running.Services.GetRequiredService<InformerFactory>().OnRelist!("networkpolicies", "410");

        new EventLog(running.Services).Single<WatchRelisted>().Payload.ShouldBe(new WatchRelisted("networkpolicies", "410", Cluster: null));
    }

    [Fact]
    public async Task Changed_addresses_of_a_domain_are_recorded()
    {
        await using var stage = await DomainStage.StartAsync();
        var events = new EventLog(stage.Services);
        stage.Resolver.Answer = _ => Task.FromResult(ScriptedResolver.Found("203.0.113.7"));
        await stage.DeclareAsync(DomainStage.Internet("api.example.com"));
        await stage.DecideAsync();
        await stage.LookUpAsync("api.example.com");

        var (resolved, domain) = events.Single<DomainResolved>();
        EventLog.Subjects(resolved).ShouldBe(["domain/api.example.com"]);
        (domain.OmittedAddresses, domain.Cluster).ShouldBe((0, null));
        domain.Addresses.ShouldBe(["203.0.113.7"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("timeout")]
    public async Task An_attempt_to_send_telemetry_is_recorded(string? failure)
    {
        await using var running = await Shop.StartAsync(_cluster, Recorded);
        ActivatorUtilities.CreateInstance<DeliveryEventReporter>(running.Services).ReportAttempt(3, failure);

        new EventLog(running.Services).Single<TelemetrySent>().Payload.ShouldBe(new TelemetrySent(3, failure));
    }

    [Fact]
    public async Task Nothing_is_constructed_if_the_event_store_is_off()
    {
        await using var running = await Shop.StartAsync(_cluster, Recorded with { Events = false });
        _cluster.User.Put(Shop.Intents());
        await running.SettleAsync();

        running.Services.GetService<EventStream>().ShouldBeNull();
        running.Services.GetService<EventMetrics>().ShouldBeNull();
        running.Services.GetRequiredService<OperatorEventRecorder>().IsEnabled.ShouldBeFalse();
        running.Services.Part<StatusQueues>().Intents.RemembersCauses.ShouldBeFalse();
    }
}
