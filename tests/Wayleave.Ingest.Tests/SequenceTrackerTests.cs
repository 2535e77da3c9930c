namespace Wayleave.Ingest.Tests;

public sealed class SequenceTrackerTests
{
    private static readonly Guid _instance = new("11111111-1111-1111-1111-111111111111");
    private static readonly Guid _term = new("22222222-2222-2222-2222-222222222222");

    private readonly SequenceTracker _tracker = new(maxSeries: 3);
    private readonly List<ulong> _handled = [];

    [Fact]
    public void Handles_each_sequence_of_an_instance_once()
    {
        Handle(_instance, 5).ShouldBe(SequenceResult.First);
        Handle(_instance, 5).ShouldBe(SequenceResult.Repeated);
        Handle(_instance, 6).ShouldBe(SequenceResult.Next);
        Handle(_instance, 9).ShouldBe(SequenceResult.Next);
        Handle(_instance, 8).ShouldBe(SequenceResult.Repeated);
        _handled.ShouldBe([5ul, 6ul, 9ul]);
    }

    [Fact]
    public void An_instance_of_another_node_is_another_one()
    {
        Handle(_instance, ulong.MaxValue, node: "node-b").ShouldBe(SequenceResult.First);
        Handle(_instance, 1).ShouldBe(SequenceResult.First);
    }

    [Fact]
    public void Another_term_handles_a_batch_again()
    {
        Handle(_instance, 5).ShouldBe(SequenceResult.First);
        _tracker.HandleOnce(new BatchSeries(Guid.NewGuid(), Batches.Node, _instance), 5, () => true).ShouldBe(SequenceResult.First);
    }

    [Fact]
    public void Forgets_the_instance_that_was_idle_longest()
    {
        var others = Enumerable.Range(2, 3).Select(_ => Guid.NewGuid()).ToArray();
        Handle(others[0], 1);
        Handle(others[1], 1);
        Handle(_instance, 1);
        Handle(others[0], 2);
        Handle(others[2], 1);

        Handle(_instance, 1).ShouldBe(SequenceResult.Repeated);
        Handle(others[0], 2).ShouldBe(SequenceResult.Repeated);
        Handle(others[1], 1).ShouldBe(SequenceResult.First);
    }

    [Fact]
    public void A_batch_that_was_not_handled_can_be_sent_again()
    {
        Should.Throw<InvalidOperationException>(() => _tracker.HandleOnce(SeriesOf(_instance), 1, () => throw new InvalidOperationException()));
        _tracker.HandleOnce(SeriesOf(_instance), 1, () => false).ShouldBe(SequenceResult.NotHandled);
        Handle(_instance, 1).ShouldBe(SequenceResult.First);
    }

    [Fact]
    public void Copies_that_arrive_at_once_are_handled_once()
    {
        var tracker = new SequenceTracker();
        var (handled, repeated) = (0, 0);
        Parallel.For(0, 8 * 2_000, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            if (tracker.HandleOnce(SeriesOf(_instance), (ulong)(i / 8) + 1, () => Interlocked.Increment(ref handled) > 0) == SequenceResult.Repeated)
            {
                Interlocked.Increment(ref repeated);
            }
        });

        (handled + repeated).ShouldBe(16_000);
        handled.ShouldBeInRange(1, 2_000);
    }

    private SequenceResult Handle(Guid instance, ulong sequence, string node = Batches.Node) => _tracker.HandleOnce(SeriesOf(instance, node), sequence, () =>
    {
        _handled.Add(sequence);
        return true;
    });

    private static BatchSeries SeriesOf(Guid instance, string node = Batches.Node) => new(_term, node, instance);
}
