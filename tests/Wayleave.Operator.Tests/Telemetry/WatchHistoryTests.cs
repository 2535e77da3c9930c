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

        deaths.Deaths.Select(death => (death.Id, death.Position)).ShouldBe([(ObjectId.Of("a"), 12), (ObjectId.Of("b"), 20)]);
        _asked.ShouldBe(["10"]);
    }

    [Fact]
    public async Task A_past_that_is_cut_short_is_read_on()
    {
        _watches.Enqueue(() => [Change(WatchEventType.Deleted, "a", 12)]);
        _watches.Enqueue(() => [Change(WatchEventType.Deleted, "b", 15), Change(WatchEventType.Bookmark, "", 20)]);

        (await ReadAsync(10, 20)).Deaths.Count.ShouldBe(2);
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

        (await ReadAsync(10, 20)).Deaths.ShouldBeEmpty();
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

        (await ReadAsync(10, 20)).Deaths.ShouldHaveSingleItem();
        _asked.ShouldBe(["10", "10"]);
    }

    [Fact]
    public async Task A_past_that_is_not_kept_is_not_known()
    {
        _watches.Enqueue(() => throw Gone("The resourceVersion for the provided watch is too old."));

        (await ReadAsync(10, 20)).ShouldBe(ObjectPast.Forgotten);
    }

    [Fact]
    public async Task Of_a_past_that_is_kept_in_part_the_end_is_read()
    {
        _watches.Enqueue(() => throw Gone("too old resource version: 10 (14)"));
        _watches.Enqueue(() => [Change(WatchEventType.Deleted, "a", 16), Change(WatchEventType.Bookmark, "", 20)]);

        var past = await ReadAsync(10, 20);

        (past.IsWhole, past.Deaths.Count).ShouldBe((false, 1));
        _asked.ShouldBe(["10", "14"]);
    }

    [Theory]
    [InlineData("too old resource version: 10 (0)")]
    [InlineData("too old resource version: 10 (21)")]
    [InlineData("too old resource version: 10 (99999999999999999999999)")]
    public async Task What_makes_no_sense_is_not_followed(string message)
    {
        _watches.Enqueue(() => throw Gone(message));

        (await ReadAsync(10, 20)).ShouldBe(ObjectPast.Forgotten);
        _asked.ShouldBe(["10"]);
    }

    [Fact]
    public async Task A_past_that_is_forgotten_again_and_again_is_left_alone()
    {
        for (var oldest = 11; oldest <= 13; oldest++)
        {
            var message = $"too old resource version: 10 ({oldest})";
            _watches.Enqueue(() => throw Gone(message));
        }

        (await ReadAsync(10, 20)).ShouldBe(ObjectPast.Forgotten);
        _asked.ShouldBe(["10", "11", "12"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task From_nowhere_nothing_can_be_read(long after)
    {
        (await ReadAsync(after, 20)).ShouldBe(ObjectPast.Forgotten);
        _asked.ShouldBeEmpty();
    }

    private Task<ObjectPast> ReadAsync(long after, long upTo) =>
        new WatchHistory<V1ConfigMap>(new FakeWatches(_asked, _watches), _ => ObjectUsage.Once, _time).ReadAsync(after, upTo, default);

    private static KubernetesException Gone(string message) => new(new V1Status { Reason = "Expired", Message = message }, HttpStatusCode.Gone);

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
