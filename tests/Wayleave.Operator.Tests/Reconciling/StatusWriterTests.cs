using System.Net;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Api;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Metrics;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Recording;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Reconciling;

public sealed class StatusWriterTests : IDisposable
{
    private const string Approved = "example.com/Approved";

    private readonly FakeCluster _cluster = Shop.Cluster();
    private readonly RecordedClient _client;
    private readonly FilteredStore<ClientIntents> _cache = new(new Dictionary<string, Func<ClientIntents, IEnumerable<string>>>(StringComparer.Ordinal));
    private readonly KeptEvents _events = new();
    private readonly FakeMeters _meters = new();
    private readonly ManualTimeProvider _time = new();
    private readonly StatusWriter _writer;

    public StatusWriterTests()
    {
        _client = new RecordedClient(_cluster);
        _writer = WriterOver(_client);
        _cluster.User.Put(Shop.Intents());
        Read();
    }

    private int Writes => _client.Writes.Count;

    private ClientIntents Cached => _cache.Store.Get(new NamespacedName(Shop.Namespace, "checkout"))!;

    public void Dispose() => _meters.Dispose();

    [Fact]
    public async Task Writes_a_status_that_differs_and_stores_the_response_in_the_cache()
    {
        (await WriteAsync(Ready())).ShouldBeNull();

        _client.Writes.ShouldBe(["status ClientIntents shop/checkout"]);
        Cached.Condition()!.Reason.ShouldBe(Reasons.Enforced);
        Cached.Metadata.ResourceVersion.ShouldBe(_cluster.Declared().Metadata.ResourceVersion);
    }

    [Fact]
    public async Task Writes_nothing_while_the_status_is_the_same()
    {
        await WriteAsync(Ready());

        (await WriteAsync(Ready())).ShouldBeNull();

        Writes.ShouldBe(1);
    }

    [Fact]
    public async Task Writes_nothing_when_another_writer_adds_a_condition()
    {
        await WriteAsync(Ready());
        await WriteAsAnotherAsync(Condition(Approved, "True", "ByTheTeam"));

        (await WriteAsync(Ready())).ShouldBeNull();

        Writes.ShouldBe(1);
    }

    [Fact]
    public async Task Keeps_the_condition_of_another_writer_when_it_writes()
    {
        await WriteAsAnotherAsync(Condition(Approved, "True", "ByTheTeam"));

        await WriteAsync(Ready());

        _cluster.Declared().Condition()!.Reason.ShouldBe(Reasons.Enforced);
        _cluster.Declared().Condition(Approved)!.Reason.ShouldBe("ByTheTeam");
    }

    [Fact]
    public async Task Backs_off_from_another_writer_that_keeps_changing_the_status()
    {
        await WriteAsync(Ready());
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 17; i++)
        {
            await OverwriteAsync();
            waits.Add(await WriteAfterWaitsAsync(Ready()));
        }

        waits.Take(5).Select(wait => wait.TotalMilliseconds).ShouldBe([0, 50, 100, 200, 400]);
        waits[^1].ShouldBe(TimeSpan.FromMinutes(5), "it does not grow further");
        Writes.ShouldBe(18);
        _meters["wayleave_write_conflicts_total{kind=ClientIntents}"].ShouldBe(16, "the first overwrite may be an accident");
    }

    [Fact]
    public async Task Writes_at_once_after_an_edit_of_the_spec_even_while_it_backs_off()
    {
        await WriteAsync(Ready());
        for (var i = 0; i < 10; i++)
        {
            await OverwriteAsync();
            await WriteAfterWaitsAsync(Ready());
        }

        await OverwriteAsync();
        _cluster.User.Edit<ClientIntents>(Shop.Namespace, "checkout", intents => intents.Spec.Targets.Add(new IntentTarget { Kubernetes = new KubernetesTarget { Name = "web" } }));
        Read();

        (await WriteAsync(Ready())).ShouldBeNull();
        _cluster.Declared().Condition()!.Reason.ShouldBe(Reasons.Enforced);
    }

    [Fact]
    public async Task Does_not_treat_other_changes_of_the_object_as_a_conflict()
    {
        for (var i = 0; i < 10; i++)
        {
            (await WriteAsync(Ready($"status {i}"))).ShouldBeNull();
            _cluster.User.Edit<ClientIntents>(Shop.Namespace, "checkout", intents => intents.Metadata.Labels = new Dictionary<string, string> { ["edit"] = $"{i}" });
            Read();
            (await WriteAsync(Ready($"status {i}"))).ShouldBeNull("it is up to date");
        }

        Writes.ShouldBe(10);
        _meters["wayleave_write_conflicts_total{kind=ClientIntents}"].ShouldBe(0);
    }

    [Fact]
    public async Task Ignores_an_object_that_was_deleted()
    {
        _cluster.User.Delete<ClientIntents>(Shop.Namespace, "checkout");

        (await WriteAsync(Ready())).ShouldBeNull();

        Writes.ShouldBe(1);
        _events.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ignores_a_conflict_of_an_object_that_was_deleted_and_created_again()
    {
        var old = Cached;
        _cluster.User.Delete<ClientIntents>(Shop.Namespace, "checkout");
        _cluster.User.Put(Shop.Intents());
        Read();

        (await _writer.WriteAsync(_cache.Store, old, Ready(), CancellationToken.None)).ShouldBeNull();

        Writes.ShouldBe(1);
        _cluster.Declared().Status.ShouldBeNull();
    }

    [Fact]
    public async Task Throws_a_conflict_of_an_object_that_exists()
    {
        _cluster.User.Edit<ClientIntents>(Shop.Namespace, "checkout", intents => intents.Spec.Targets.Clear());

        var error = await Should.ThrowAsync<KubernetesException>(() => WriteAsync(Ready()));

        error.IsConflict.ShouldBeTrue();
        _events.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Throws_any_other_refusal()
    {
        _client.BeforeWrite = _ => throw ApiErrors.Create(new V1Status { Reason = "Forbidden" }, HttpStatusCode.Forbidden);

        await Should.ThrowAsync<KubernetesException>(() => WriteAsync(Ready()));
    }

    [Fact]
    public async Task Records_no_Event_for_an_object_that_is_ready_from_the_start()
    {
        await WriteAsync(Ready());

        _events.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Records_an_Event_for_each_change_of_the_Ready_condition_and_for_nothing_else()
    {
        await WriteAsync(NotReady("no such workload"));
        await WriteAsync(NotReady("no such workload", enforced: "0/1"));
        await WriteAsync(NotReady("another message", enforced: "0/1"));
        await WriteAsync(Ready());

        Writes.ShouldBe(4);
        _events.All.ShouldBe(
        [
            ("ClientIntents shop/checkout", "Warning", Reasons.WorkloadNotFound, "no such workload"),
            ("ClientIntents shop/checkout", "Warning", Reasons.WorkloadNotFound, "another message"),
            ("ClientIntents shop/checkout", "Normal", Reasons.Enforced, "1 of 1 target is enforced"),
        ]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Does_not_cache_a_response_with_a_newer_spec_or_a_deletion_timestamp(bool isEdited)
    {
        var before = Cached;
        var writer = WriterOver(new LateAnswers(_cluster, answer =>
        {
            answer.Metadata.Generation = isEdited ? answer.Metadata.Generation + 1 : answer.Metadata.Generation;
            answer.Metadata.DeletionTimestamp = isEdited ? null : new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        }));

        (await writer.WriteAsync(_cache.Store, before, Ready(), CancellationToken.None)).ShouldBeNull();

        _cluster.Declared().Condition()!.Reason.ShouldBe(Reasons.Enforced);
        Cached.ShouldBeSameAs(before, "the handlers have not seen that change");
    }

    private StatusWriter WriterOver(IKubernetesClient client) => new(
        client,
        new ConditionEventRecorder(_events, EventLog.Off()),
        new StatusConflicts(new WriteMetrics(_meters), new WarningRateLimiter(_time), _time, NullLogger<StatusConflicts>.Instance));

    private Task<TimeSpan?> WriteAsync(ClientIntentsStatus status) => _writer.WriteAsync(_cache.Store, Cached, status, CancellationToken.None);

    // Retries after each delay, as the queue does.
    private async Task<TimeSpan> WriteAfterWaitsAsync(ClientIntentsStatus status)
    {
        var waited = TimeSpan.Zero;
        while (await WriteAsync(status) is { } wait)
        {
            wait.ShouldBeGreaterThan(TimeSpan.Zero);
            waited += wait;
            _time.Advance(wait);
        }

        return waited;
    }

    private Task OverwriteAsync() => WriteAsAnotherAsync(Condition(ConditionTypes.Ready, "False", "SaysAnother"));

    private async Task WriteAsAnotherAsync(V1Condition condition)
    {
        var change = new ClientIntents { Spec = null!, Status = new ClientIntentsStatus { Conditions = [condition] } };
        change.Metadata.Name = "checkout";
        change.Metadata.NamespaceProperty = Shop.Namespace;
        await _cluster.ApplyStatusAsync(change, "another", dryRun: false, CancellationToken.None);
        Read();
    }

    // Stores the object, as the informer does.
    private void Read() => _cache.Put(_cluster.Declared());

    private static ClientIntentsStatus Ready(string message = "1 of 1 target is enforced") => new()
    {
        ObservedGeneration = 1,
        Enforced = "1/1",
        Conditions = [Condition(ConditionTypes.Ready, "True", Reasons.Enforced, message)],
    };

    private static ClientIntentsStatus NotReady(string message, string? enforced = null) => new()
    {
        ObservedGeneration = 1,
        Enforced = enforced,
        Conditions = [Condition(ConditionTypes.Ready, "False", Reasons.WorkloadNotFound, message)],
    };

    private static V1Condition Condition(string type, string status, string reason, string message = "") => new()
    {
        Type = type,
        Status = status,
        Reason = reason,
        Message = message,
        LastTransitionTime = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
    };

    /// <summary>An API server whose response includes a change that another client made at the same time.</summary>
    private sealed class LateAnswers(FakeCluster cluster, Action<ClientIntents> late) : FakeKubernetesClient
    {
        public override async Task<TEntity> PatchStatusAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        {
            var answer = await cluster.PatchStatusAsync<TEntity>(name, @namespace, patch, cancellationToken);
            late((ClientIntents)(IKubernetesObject<V1ObjectMeta>)answer);
            return answer;
        }
    }
}
