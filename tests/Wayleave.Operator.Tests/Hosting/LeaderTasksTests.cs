using Microsoft.Extensions.DependencyInjection;
using Wayleave.Enforcement;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.EventHandlers;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Reconciling;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Reconciling;
using Wayleave.Telemetry;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Profile;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Settings;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>Start and end of a leader term. The only kind is a fake; everything else is the program's own.</summary>
public sealed class LeaderTasksTests : IAsyncLifetime, IDisposable
{
    private readonly FakeCluster _cluster = Shop.Cluster();
    private readonly List<string> _calls = [];
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stopping = new();
    private RunningOperator _running = null!;

    private PolicyQueues Queues => _running.Services.Part<PolicyQueues>();

    public async Task InitializeAsync()
    {
        _cluster.User.Put(Shop.Intents());
        _running = await Shop.StartAsync(_cluster, new RunningOptions { Leads = false });
    }

    public async Task DisposeAsync() => await _running.DisposeAsync();

    public void Dispose()
    {
        _lost.Dispose();
        _stopping.Dispose();
    }

    [Fact]
    public void Pauses_all_queues_on_standby()
    {
        Queues.Resume();

        Tasks(new FakeKind(_calls)).StandBy();

        _calls.ShouldBe(["pause"]);
        (Queues.Policies.IsPaused, Queues.Domains.IsPaused).ShouldBe((true, true));
    }

    [Fact]
    public async Task Resumes_the_queues_fills_them_and_runs_the_controllers_when_it_leads()
    {
        var leading = Tasks(new FakeKind(_calls)).LeadAsync(_lost.Token, _stopping.Token);

        _calls.ShouldBe(["resume", "enqueue all", "run"]);
        Queues.Policies.IsPaused.ShouldBeFalse();
        await EndAsync(leading);
        _calls.ShouldBe(["resume", "enqueue all", "run", "end", "pause"]);
    }

    [Fact]
    public async Task Writes_the_policies_of_cached_declarations_when_it_leads()
    {
        var leading = Tasks(new FakeKind(_calls)).LeadAsync(_lost.Token, _stopping.Token);

        await _running.UntilAsync("the policy", () => _cluster.Policy() is not null);

        await EndAsync(leading);
    }

    [Fact]
    public async Task Clears_the_state_of_an_earlier_term_when_it_leads()
    {
        var conflicts = _running.Services.Part<NameConflicts>();
        conflicts.Add(new(Shop.Namespace, "taken"), new PolicyKey(SubjectType.Workload, Shop.Namespace, "cart"));

        var leading = Tasks(new FakeKind(_calls)).LeadAsync(_lost.Token, _stopping.Token);

        conflicts.TryRemove(new(Shop.Namespace, "taken")).ShouldBeNull();
        await EndAsync(leading);
    }

    [Fact]
    public async Task Lets_the_controllers_finish_their_keys_on_stop()
    {
        var busy = new FakeKind(_calls) { IsIdle = false };
        var leading = Tasks(busy).LeadAsync(_lost.Token, _stopping.Token);

        await _stopping.CancelAsync();

        (busy.Drain.IsCancellationRequested, busy.Abort.IsCancellationRequested, leading.IsCompleted).ShouldBe((true, false, false));
        _calls.ShouldNotContain("pause", "a key in progress may be enqueued again");
        busy.Finish();
        await leading.WaitAsync(Poll.Patience);
        _calls[^2..].ShouldBe(["end", "pause"]);
    }

    [Fact]
    public async Task Aborts_the_controllers_that_do_not_finish_within_four_seconds()
    {
        var clock = new ManualTimeProvider();
        var busy = new FakeKind(_calls) { IsIdle = false };
        var leading = Tasks(busy, time: clock).LeadAsync(_lost.Token, _stopping.Token);
        await _stopping.CancelAsync();

        clock.Advance(TimeSpan.FromSeconds(4) - TimeSpan.FromTicks(1));
        busy.Abort.IsCancellationRequested.ShouldBeFalse();
        clock.Advance(TimeSpan.FromTicks(1));

        busy.Abort.IsCancellationRequested.ShouldBeTrue();
        await leading.WaitAsync(Poll.Patience);
    }

    [Fact]
    public async Task Aborts_the_controllers_at_once_when_the_lease_is_lost()
    {
        var busy = new FakeKind(_calls) { IsIdle = false };
        var leading = Tasks(busy).LeadAsync(_lost.Token, _stopping.Token);

        await _lost.CancelAsync();

        busy.Abort.IsCancellationRequested.ShouldBeTrue();
        await leading.WaitAsync(Poll.Patience);
        _calls[^2..].ShouldBe(["end", "pause"]);
        Queues.Policies.IsPaused.ShouldBeTrue();
    }

    [Fact]
    public async Task Aborts_draining_controllers_when_the_lease_is_lost_meanwhile()
    {
        var busy = new FakeKind(_calls) { IsIdle = false };
        var leading = Tasks(busy).LeadAsync(_lost.Token, _stopping.Token);
        await _stopping.CancelAsync();
        busy.Abort.IsCancellationRequested.ShouldBeFalse();

        await _lost.CancelAsync();

        busy.Abort.IsCancellationRequested.ShouldBeTrue();
        await leading.WaitAsync(Poll.Patience);
    }

    [Fact]
    public async Task Pauses_the_queues_even_if_a_controller_fails()
    {
        var kind = new FakeKind(_calls);
        var leading = Tasks(kind).LeadAsync(_lost.Token, _stopping.Token);

        kind.Fail(new InvalidOperationException("of a test"));
        await _stopping.CancelAsync();

        await Should.ThrowAsync<InvalidOperationException>(leading.WaitAsync(Poll.Patience));
        _calls[^1].ShouldBe("pause");
    }

    [Fact]
    public async Task Starts_telemetry_before_the_controllers_and_flushes_it_after_they_have_ended()
    {
        await using var telemetry = new Telemetry(_calls);
        var leading = Tasks(new FakeKind(_calls), telemetry.Session).LeadAsync(_lost.Token, _stopping.Token);
        await StartedAsync(telemetry);
        telemetry.Count();

        await EndAsync(leading);

        _calls.ShouldBe(["resume", "enqueue all", "load", "save", "run", "end", "save", "pause"]);
    }

    [Fact]
    public async Task Flushes_no_telemetry_when_the_lease_is_lost()
    {
        await using var telemetry = new Telemetry(_calls);
        var leading = Tasks(new FakeKind(_calls) { IsIdle = false }, telemetry.Session).LeadAsync(_lost.Token, _stopping.Token);
        await StartedAsync(telemetry);
        telemetry.Count();

        await _lost.CancelAsync();
        await leading.WaitAsync(Poll.Patience);

        _calls.ShouldBe(["resume", "enqueue all", "load", "save", "run", "end", "pause"], "another replica counts from now on");
    }

    [Fact]
    public async Task Aborts_the_last_flush_after_three_seconds()
    {
        await using var telemetry = new Telemetry(_calls);
        var clock = new ManualTimeProvider();
        var leading = Tasks(new FakeKind(_calls), telemetry.Session, clock).LeadAsync(_lost.Token, _stopping.Token);
        await StartedAsync(telemetry);
        telemetry.Count();
        telemetry.IsStoreSlow = true;
        await _stopping.CancelAsync();
        var save = await telemetry.SlowSave.WaitAsync(Poll.Patience);

        clock.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        save.IsCancellationRequested.ShouldBeFalse();
        clock.Advance(TimeSpan.FromTicks(1));

        save.IsCancellationRequested.ShouldBeTrue();
        await leading.WaitAsync(Poll.Patience);
    }

    private LeaderTasks Tasks(FakeKind kind, TelemetrySession? session = null, TimeProvider? time = null)
    {
        var services = _running.Services;
        var manager = new ControllerManager(
            services.Part<ClusterComponents>(), services.Part<MemberClusterManager>(), services.Part<StatusEventHandler>(), [kind], []);
        return new LeaderTasks(manager, services.Part<LeaderTermState>(), session is null ? [] : [session], time ?? services.Part<TimeProvider>());
    }

    private async Task EndAsync(Task leading)
    {
        await _stopping.CancelAsync();
        await leading.WaitAsync(Poll.Patience);
    }

    // Telemetry starts in parallel with the controllers, which do not wait for it.
    private static Task StartedAsync(Telemetry telemetry) => telemetry.FirstSave.WaitAsync(Poll.Patience);

    /// <summary>The program's telemetry, with a ledger in memory and no collector.</summary>
    private sealed class Telemetry : ILedgerStore, IContextIdSource, IClusterProfileSource, IDeliveryReporter, IAsyncDisposable
    {
        private readonly List<string> _calls;
        private readonly ServiceProvider _services;
        private readonly TaskCompletionSource _firstSave = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<CancellationToken> _slowSave = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Telemetry(List<string> calls)
        {
            _calls = calls;
            _services = new ServiceCollection()
                .AddLogging()
                .AddMetrics()
                .AddSingleton<TimeProvider>(new ManualTimeProvider())
                .AddWayleaveTelemetry(TelemetrySettings.Default with { Usage = false }, OperatorVersion.Semantic)
                .AddSingleton<ILedgerStore>(this)
                .AddSingleton<IContextIdSource>(this)
                .AddSingleton<IClusterProfileSource>(this)
                .AddSingleton<IDeliveryReporter>(this)
                .BuildServiceProvider();
        }

        public TelemetrySession Session => _services.GetRequiredService<TelemetrySession>();

        public Task FirstSave => _firstSave.Task;

        /// <summary>The cancellation token of the first save after the store became slow.</summary>
        public Task<CancellationToken> SlowSave => _slowSave.Task;

        /// <summary>Whether saves end only when they are canceled.</summary>
        public bool IsStoreSlow { get; set; }

        public void Count() => _services.GetRequiredService<IUsageCounter>().CountError(ErrorComponent.Intents, typeof(InvalidOperationException));

        public Task<LedgerSnapshot?> LoadAsync(CancellationToken cancellationToken)
        {
            _calls.Add("load");
            return Task.FromResult<LedgerSnapshot?>(null);
        }

        public async Task<string?> SaveAsync(IReadOnlyDictionary<string, string> entries, string? version, CancellationToken cancellationToken)
        {
            _calls.Add("save");
            _firstSave.TrySetResult();
            if (IsStoreSlow)
            {
                _slowSave.TrySetResult(cancellationToken);
                await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            }

            return "1";
        }

        public Task<ContextId?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<ContextId?>(null);

        Task<ClusterProfile> IClusterProfileSource.ReadAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

        public void ReportAttempt(int records, string? failure)
        {
            // Nothing is sent.
        }

        public void Report(string reason, DateTimeOffset since)
        {
            // Nothing is sent.
        }

        public ValueTask DisposeAsync() => _services.DisposeAsync();
    }
}
