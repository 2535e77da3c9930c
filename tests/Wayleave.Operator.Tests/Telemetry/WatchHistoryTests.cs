using System.Net;
using System.Runtime.CompilerServices;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Telemetry;
using Wayleave.Telemetry.Objects;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Telemetry;

/// <summary>Reads from the API server's watch history which objects were deleted.</summary>
public sealed class WatchHistoryTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _asked = [];
    private readonly Queue<Func<IEnumerable<WatchEvent<V1ConfigMap>>>> _watches = new();

    [Fact]
    public async Task Returns_the_objects_deleted_up_to_the_given_version()
    {
        _watches.Enqueue(() => [Change(WatchEventType.Modified, "a", 11), Change(WatchEventType.Deleted, "a", 12), Change(WatchEventType.Deleted, "b", 20), Change(WatchEventType.Deleted, "c", 21)]);

        var deaths = await ReadAsync(10, 20);

        deaths.Deleted.Select(death => (death.Id, death.Position)).ShouldBe([(ObjectId.FromUid("a"), 12), (ObjectId.FromUid("b"), 20)]);
        _asked.ShouldBe(["10"]);
    }

    [Fact]
    public async Task Resumes_a_watch_that_ends_before_the_given_version()
    {
        _watches.Enqueue(() => [Change(WatchEventType.Deleted, "a", 12)]);
        _watches.Enqueue(() => [Change(WatchEventType.Deleted, "b", 15), Change(WatchEventType.Bookmark, "", 20)]);

        (await ReadAsync(10, 20)).Deleted.Count.ShouldBe(2);
        _asked.ShouldBe(["10", "12"]);
    }

    [Fact]
    public async Task Returns_no_deletions_when_the_watch_ends_on_time_without_events()
    {
        _watches.Enqueue(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return [];
        });

        (await ReadAsync(10, 20)).Deleted.ShouldBeEmpty();
    }

    [Fact]
    public async Task Retries_a_watch_that_ends_late_without_events()
    {
        _watches.Enqueue(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(4));
            return [];
        });
        _watches.Enqueue(() => [Change(WatchEventType.Deleted, "a", 12), Change(WatchEventType.Bookmark, "", 20)]);

        (await ReadAsync(10, 20)).Deleted.ShouldHaveSingleItem();
        _asked.ShouldBe(["10", "10"]);
    }

    [Fact]
    public async Task Reads_the_kept_part_of_the_history_whatever_version_the_API_server_hints_at()
    {
        foreach (var oldest in Enumerable.Range(11, 90))
        {
            foreach (var hint in new long[] { 0, 5, 10, 11, oldest - 1, oldest, oldest + 1, 60, 100, 101, 5000 })
            {
                var server = new FakeServer(_time, oldest, hint);

                var past = await server.ReadAsync(10, 100);

                past.IsComplete.ShouldBeFalse();
                past.Deleted.Select(death => death.Position)
                    .ShouldBe(FakeServer.Deaths.Where(position => position > oldest && position <= 100), $"oldest {oldest}, hint {hint}");
            }
        }
    }

    [Fact]
    public async Task Finds_the_oldest_kept_version_by_binary_search()
    {
        var server = new FakeServer(_time, oldest: 987_654);

        (await server.ReadAsync(10, 1_000_000)).Deleted.ShouldBeEmpty();

        server.Asked.Count.ShouldBeLessThanOrEqualTo(22);
        (server.Asked[0], server.Asked[^1]).ShouldBe((10, 987_654));
    }

    [Fact]
    public async Task Verifies_a_correct_hint_with_two_requests()
    {
        var server = new FakeServer(_time, oldest: 37, hint: 37);

        await server.ReadAsync(10, 100);

        server.Asked.ShouldBe([10, 37, 36, 37]);
    }

    [Fact]
    public async Task Returns_Forgotten_when_no_version_of_the_range_is_kept()
    {
        var server = new FakeServer(_time, oldest: 101);

        (await server.ReadAsync(10, 100)).ShouldBe(ObjectHistory.Expired);
        server.Asked.Count.ShouldBeLessThanOrEqualTo(8);
    }

    [Fact]
    public async Task Returns_Forgotten_when_the_version_expires_three_times()
    {
        for (var oldest = 11; oldest <= 13; oldest++)
        {
            var message = $"too old resource version: 10 ({oldest})";
            _watches.Enqueue(() => throw Gone(message));
            _watches.Enqueue(() => [Change(WatchEventType.Bookmark, "", 20)]);
        }

        (await ReadAsync(10, 20)).ShouldBe(ObjectHistory.Expired);
        _asked.ShouldBe(["10", "11", "11", "12", "12", "13"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task Returns_Forgotten_without_a_request_when_the_version_is_not_positive(long after)
    {
        (await ReadAsync(after, 20)).ShouldBe(ObjectHistory.Expired);
        _asked.ShouldBeEmpty();
    }

    private Task<ObjectHistory> ReadAsync(long after, long upTo) =>
        new WatchHistory<V1ConfigMap>(new FakeWatches(_asked, _watches), _ => ObjectUsage.Once, _time).ReadAsync(after, upTo, default);

    private static KubernetesException Gone(string message) => ApiErrors.Create(new V1Status { Reason = "Expired", Message = message }, HttpStatusCode.Gone);

    private static WatchEvent<V1ConfigMap> Change(WatchEventType type, string uid, long version) =>
        new(type, new V1ConfigMap { Metadata = new() { Uid = uid, ResourceVersion = $"{version}" } });

    private sealed class FakeWatches(List<string> asked, Queue<Func<IEnumerable<WatchEvent<V1ConfigMap>>>> watches) : FakeKubernetesClient
    {
        public override async IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync<TEntity>(
            ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            asked.Add(options.ResourceVersion ?? "");
            foreach (var change in watches.Dequeue()())
            {
                await Task.Yield();
                yield return new WatchEvent<TEntity>(change.Type, (TEntity)(object)change.Entity);
            }
        }
    }

    /// <summary>An API server that keeps the changes after a version. A watch without further events sends nothing until it ends.</summary>
    /// <param name="time">Advances while a watch sends nothing.</param>
    /// <param name="oldest">The oldest version that a watch can start from.</param>
    /// <param name="hint">The oldest version in its error message. 0 for none.</param>
    private sealed class FakeServer(ManualTimeProvider time, long oldest, long hint = 0) : FakeKubernetesClient
    {
        public static IReadOnlyList<long> Deaths { get; } = [12, 30, 31, 37, 38, 64, 99, 100, 120];

        public List<long> Asked { get; } = [];

        public Task<ObjectHistory> ReadAsync(long after, long upTo) =>
            new WatchHistory<V1ConfigMap>(this, _ => ObjectUsage.Once, time).ReadAsync(after, upTo, default);

        public override async IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync<TEntity>(
            ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            var after = long.Parse(options.ResourceVersion!, System.Globalization.CultureInfo.InvariantCulture);
            Asked.Add(after);
            if (after < oldest)
            {
                throw Gone(hint == 0 ? "gone" : $"too old resource version: {after} ({hint})");
            }

            foreach (var position in Deaths.Where(position => position > after))
            {
                await Task.Yield();
                var death = Change(WatchEventType.Deleted, $"{position}", position);
                yield return new WatchEvent<TEntity>(death.Type, (TEntity)(object)death.Entity);
            }

            time.Advance(TimeSpan.FromSeconds(2));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
