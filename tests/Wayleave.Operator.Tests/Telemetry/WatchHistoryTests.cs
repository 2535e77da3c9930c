using System.Net;
using System.Runtime.CompilerServices;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Telemetry;
using Wayleave.Telemetry.Objects;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Telemetry;

/// <summary>Reading from the API server's past who went.</summary>
public sealed class WatchHistoryTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly List<string> _asked = [];
    private readonly Queue<Func<IEnumerable<WatchEvent<V1ConfigMap>>>> _watches = new();

    [Fact]
    public async Task Who_went_in_between_is_told_with_its_last_state()
    {
        _watches.Enqueue(() => [Change(WatchEventType.Modified, "a", 11), Change(WatchEventType.Deleted, "a", 12), Change(WatchEventType.Deleted, "b", 20), Change(WatchEventType.Deleted, "c", 21)]);

        var deaths = await ReadAsync(10, 20);

        deaths!.Select(death => (death.Id, death.Position)).ShouldBe([(ObjectId.Of("a"), 12), (ObjectId.Of("b"), 20)]);
        _asked.ShouldBe(["10"]);
    }

    [Fact]
    public async Task A_past_that_is_cut_short_is_read_on()
    {
        _watches.Enqueue(() => [Change(WatchEventType.Deleted, "a", 12)]);
        _watches.Enqueue(() => [Change(WatchEventType.Deleted, "b", 15), Change(WatchEventType.Bookmark, "", 20)]);

        (await ReadAsync(10, 20))!.Count.ShouldBe(2);
        _asked.ShouldBe(["10", "12"]);
    }

    [Fact]
    public async Task A_past_in_which_nothing_happened_ends_with_the_watch()
    {
        _watches.Enqueue(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return [];
        });

        (await ReadAsync(10, 20)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_watch_that_ends_late_was_held_up_and_is_asked_again()
    {
        _watches.Enqueue(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(4));
            return [];
        });
        _watches.Enqueue(() => [Change(WatchEventType.Deleted, "a", 12), Change(WatchEventType.Bookmark, "", 20)]);

        (await ReadAsync(10, 20)).ShouldHaveSingleItem();
        _asked.ShouldBe(["10", "10"]);
    }

    [Fact]
    public async Task A_past_that_is_not_kept_is_not_known()
    {
        _watches.Enqueue(() => throw new KubernetesException(new V1Status { Reason = "Expired" }, HttpStatusCode.Gone));

        (await ReadAsync(10, 20)).ShouldBeNull();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task From_nowhere_nothing_can_be_read(long after)
    {
        (await ReadAsync(after, 20)).ShouldBeNull();
        _asked.ShouldBeEmpty();
    }

    private Task<IReadOnlyList<ObjectDeath>?> ReadAsync(long after, long upTo) =>
        new WatchHistory<V1ConfigMap>(new FakeWatches(_asked, _watches), _ => ObjectUsage.Once, _time).ReadAsync(after, upTo, default);

    private static WatchEvent<V1ConfigMap> Change(WatchEventType type, string uid, long version) =>
        new(type, new V1ConfigMap { Metadata = { Uid = uid, ResourceVersion = $"{version}" } });

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
}
