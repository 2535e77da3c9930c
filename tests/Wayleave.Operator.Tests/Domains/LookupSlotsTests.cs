using Wayleave.Enforcement;
using Wayleave.Operator.Domains;

namespace Wayleave.Operator.Tests.Domains;

public sealed class LookupSlotsTests
{
    private static readonly PolicyKey[] _one = [new(SubjectType.Client, "shop", "one")];
    private static readonly PolicyKey[] _two = [new(SubjectType.Client, "shop", "two")];

    [Fact]
    public async Task Makes_a_lookup_wait_while_all_quick_slots_are_taken()
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
    public async Task A_slow_lookup_frees_its_quick_slot_for_the_next_lookup()
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
    public async Task Limits_the_number_of_lookups_even_if_all_are_slow()
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
    public async Task A_client_with_one_name_does_not_wait_for_a_thousand_names_of_another()
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
    public async Task A_name_of_two_clients_waits_in_the_shorter_queue()
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
    public async Task A_canceled_wait_takes_no_slot()
    {
        var slots = new LookupSlots(maxQuick: 1, maxAll: 1);
        var running = await EnterAsync(slots, _one);
        using var canceling = new CancellationTokenSource();
        var canceled = slots.AcquireAsync(_one, canceling.Token);
        var next = EnterAsync(slots, _one);

        await canceling.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => canceled);
        running.Dispose();

        (await next).Dispose();
    }

    private static Task<LookupSlots.Lease> EnterAsync(LookupSlots slots, PolicyKey[] clients) =>
        slots.AcquireAsync(clients, CancellationToken.None);
}
