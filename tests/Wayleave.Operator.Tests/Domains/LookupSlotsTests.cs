using Wayleave.Enforcement;
using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Tests.Domains;

public sealed class LookupSlotsTests
{
    private static readonly PolicyKey[] _one = [new(SubjectType.Client, "shop", "one")];
    private static readonly PolicyKey[] _two = [new(SubjectType.Client, "shop", "two")];

    [Fact]
    public async Task No_more_lookups_run_at_once_than_there_are_places()
    {
        var slots = new LookupSlots(maxQuick: 2, maxAll: 10);
        var first = await EnterAsync(slots, _one);
        var second = await EnterAsync(slots, _one);
        var third = EnterAsync(slots, _one);

        third.IsCompleted.ShouldBeFalse();
        first.Dispose();
        (await third).Dispose();
        second.Dispose();
    }

    [Fact]
    public async Task A_slow_lookup_gives_its_place_to_the_next()
    {
        var slots = new LookupSlots(maxQuick: 1, maxAll: 10);
        var slow = await EnterAsync(slots, _one);
        var next = EnterAsync(slots, _one);

        next.IsCompleted.ShouldBeFalse();
        slow.MarkSlow();

        (await next).Dispose();
        slow.Dispose();
        (await EnterAsync(slots, _one)).Dispose();
    }

    [Fact]
    public async Task All_lookups_together_are_bounded_however_slow_they_are()
    {
        var slots = new LookupSlots(maxQuick: 1, maxAll: 2);
        var first = await EnterAsync(slots, _one);
        first.MarkSlow();
        var second = await EnterAsync(slots, _one);
        second.MarkSlow();
        var third = EnterAsync(slots, _one);

        third.IsCompleted.ShouldBeFalse();
        first.Dispose();
        (await third).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_client_with_one_name_does_not_wait_for_the_thousand_names_of_another()
    {
        var slots = new LookupSlots(maxQuick: 1, maxAll: 10);
        var running = await EnterAsync(slots, _one);
        var many = Enumerable.Range(0, 1000).Select(_ => EnterAsync(slots, _one)).ToList();
        var other = EnterAsync(slots, _two);

        running.Dispose();
        (await many[0]).Dispose();

        (await other).Dispose();
    }

    [Fact]
    public async Task A_name_that_several_clients_declare_waits_where_the_fewest_wait()
    {
        var slots = new LookupSlots(maxQuick: 1, maxAll: 10);
        var running = await EnterAsync(slots, _one);
        var many = Enumerable.Range(0, 1000).Select(_ => EnterAsync(slots, _one)).ToList();
        var shared = EnterAsync(slots, [.. _one, .. _two]);

        running.Dispose();
        (await many[0]).Dispose();

        (await shared).Dispose();
    }

    [Fact]
    public async Task A_wait_that_is_canceled_takes_no_place()
    {
        var slots = new LookupSlots(maxQuick: 1, maxAll: 1);
        var running = await EnterAsync(slots, _one);
        using var canceling = new CancellationTokenSource();
        var canceled = slots.EnterAsync(_one, canceling.Token);
        var next = EnterAsync(slots, _one);

        await canceling.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => canceled);
        running.Dispose();

        (await next).Dispose();
    }

    private static Task<LookupSlots.Slot> EnterAsync(LookupSlots slots, PolicyKey[] clients) =>
        slots.EnterAsync(clients, CancellationToken.None);
}
