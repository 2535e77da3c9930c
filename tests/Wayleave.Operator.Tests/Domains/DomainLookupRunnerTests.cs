using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Enforcement;
using Wayleave.Kubernetes;
using Wayleave.Operator.Domains;
using Wayleave.Operator.Reconciling;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Domains;

/// <summary>Lookups of many names, some of which get no answer.</summary>
public sealed class DomainLookupRunnerTests : IAsyncDisposable
{
    private static readonly PolicyKey[] _hostile = [new(SubjectType.Client, "tenant", "hostile")];
    private static readonly PolicyKey[] _other = [new(SubjectType.Client, "shop", "checkout")];

    private readonly ManualTimeProvider _time = new();
    private readonly ScriptedResolver _resolver = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<DomainLookupResult>> _asked = new(StringComparer.Ordinal);
    private readonly FakeMeters _meters = new();
    private readonly PolicyQueues _queues;
    private readonly DomainLookupRunner _lookups;

    public DomainLookupRunnerTests()
    {
        _resolver.Answer = domain =>
            _asked.GetOrAdd(domain, _ => new TaskCompletionSource<DomainLookupResult>(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        _queues = new PolicyQueues(new KubernetesMetrics(_meters), _time);
        _lookups = new DomainLookupRunner(_resolver, _queues, _time, NullLogger<DomainLookupRunner>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _lookups.DisposeAsync();
        _queues.Dispose();
        _meters.Dispose();
    }

    [Fact]
    public async Task Enqueues_the_name_when_its_lookup_ends_and_returns_the_result_once()
    {
        _lookups.TryGetResultOrStart("api.example.com", _other).ShouldBeNull();
        _lookups.TryGetResultOrStart("api.example.com", _other).ShouldBeNull();
        await UntilAskedAsync("api.example.com");
        _asked["api.example.com"].SetResult(ScriptedResolver.Found("203.0.113.7"));

        (await _queues.Domains.GetAsync(CancellationToken.None)).ShouldBe(new DomainName("api.example.com"));
        _lookups.TryGetResultOrStart("api.example.com", _other).ShouldBe(ScriptedResolver.Found("203.0.113.7"), new LookupComparer());
        _asked.Clear();
        _lookups.TryGetResultOrStart("api.example.com", _other).ShouldBeNull();
        await UntilAskedAsync("api.example.com");
    }

    [Fact]
    public async Task Looks_up_at_most_16_names_at_once()
    {
        Start(_hostile, 40);

        await DomainStage.UntilAsync(() => _resolver.IsRunning(16));
        _asked.Count.ShouldBe(16);
        _asked.Values.First().SetResult(DomainLookupResult.Failed);
        await DomainStage.UntilAsync(() => _asked.Count == 17);
    }

    [Fact]
    public async Task A_thousand_unanswered_names_delay_another_client_by_at_most_a_second()
    {
        Start(_hostile, 1000);
        await DomainStage.UntilAsync(() => _resolver.IsRunning(16));
        _lookups.TryGetResultOrStart("api.example.com", _other);

        (await AdvanceUntilAskedAsync("api.example.com")).ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(1));

        _asked["api.example.com"].SetResult(ScriptedResolver.Found("203.0.113.7"));
        (await _queues.Domains.GetAsync(CancellationToken.None)).ShouldBe(new DomainName("api.example.com"));
    }

    [Fact]
    public async Task Looks_up_a_name_within_five_seconds_behind_a_hundred_unanswered_names()
    {
        Start(_hostile, 100);
        _lookups.TryGetResultOrStart("api.example.com", _hostile);

        (await AdvanceUntilAskedAsync("api.example.com")).ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    // Marks the running lookups as slow, sixteen at a time, until the name is looked up.
    private async Task<TimeSpan> AdvanceUntilAskedAsync(string domain)
    {
        var started = _time.GetTimestamp();
        while (!_asked.ContainsKey(domain))
        {
            await DomainStage.UntilAsync(() => _asked.ContainsKey(domain) || _time.Waits.Count == 16);
            if (!_asked.ContainsKey(domain))
            {
                _time.Advance(_time.Waits[0]);
            }
        }

        return _time.GetElapsedTime(started);
    }

    [Fact]
    public async Task Does_not_return_a_discarded_result_for_a_later_lookup()
    {
        _lookups.TryGetResultOrStart("api.example.com", _other);
        await UntilAskedAsync("api.example.com");
        _asked["api.example.com"].SetResult(ScriptedResolver.Found("203.0.113.7"));
        await _queues.Domains.GetAsync(CancellationToken.None);

        _lookups.Discard("api.example.com");

        _lookups.TryGetResultOrStart("api.example.com", _other).ShouldBeNull();
    }

    private void Start(PolicyKey[] clients, int count)
    {
        for (var i = 0; i < count; i++)
        {
            _lookups.TryGetResultOrStart(string.Create(CultureInfo.InvariantCulture, $"slow-{i}.example.net"), clients);
        }
    }

    private Task UntilAskedAsync(string domain) => DomainStage.UntilAsync(() => _asked.ContainsKey(domain));

    private sealed class LookupComparer : IEqualityComparer<DomainLookupResult?>
    {
        public bool Equals(DomainLookupResult? x, DomainLookupResult? y) => x is not null && y is not null && x.Addresses.SequenceEqual(y.Addresses);

        public int GetHashCode(DomainLookupResult? obj) => 0;
    }
}
