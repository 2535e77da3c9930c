using System.Collections.Immutable;
using Wayleave.Observation.Maps;
using Wayleave.Observation.Resolution;
using Wayleave.Observation.Tests.Support;

namespace Wayleave.Observation.Tests.Maps;

public sealed class ObservationProcessorTests
{
    private readonly Shop _shop = new();
    private ulong _sequence;

    [Fact]
    public void Applies_a_batch_once()
    {
        var batch = Batch(Shop.Flow(Shop.Client(_shop.AddDeploymentPod("checkout", "10.1.0.1")), "203.0.113.1", 443));

        _shop.Processor.Apply(batch, Shop.Start).ShouldBeTrue();
        _shop.Processor.Apply(batch, Shop.Start).ShouldBeFalse();
    }

    [Fact]
    public void Applies_a_batch_again_after_the_map_was_cleared()
    {
        _shop.AddDeploymentPod("cart", "10.1.0.2");
        var batch = Batch(Shop.Flow(Shop.Client(_shop.AddDeploymentPod("checkout", "10.1.0.1")), "10.1.0.2", 80, "10.1.0.2", 80));
        _shop.Processor.Apply(batch, Shop.Start);
        _shop.Processor.Clear();

        _shop.Processor.Apply(batch, Shop.Start).ShouldBeTrue();
        _shop.Map.CallCount.ShouldBe(1);
    }

    [Fact]
    public void Records_a_call_when_the_Pod_becomes_known_within_a_minute()
    {
        var late = _shop.AddDeploymentPod("orders", "10.1.0.7") with { Uid = Guid.NewGuid() };
        _shop.AddDeploymentPod("cart", "10.1.0.2");
        _shop.Processor.Apply(Batch(Shop.Flow(Shop.Client(late), "10.1.0.2", 80, "10.1.0.2", 80)), Shop.Start);
        _shop.Map.CallCount.ShouldBe(0);

        _shop.Cluster.SetPod(late, Shop.Start.AddSeconds(5));
        _shop.Processor.Retry(Shop.Start.AddSeconds(5));

        (_shop.Map.CallCount, _shop.Processor.WaitingCount).ShouldBe((1, 0));
    }

    [Fact]
    public void Counts_a_flow_whose_Pod_stays_unknown_for_a_minute()
    {
        var unknown = new ObservedClient(Guid.NewGuid(), [], IsHostNetwork: false);
        _shop.Processor.Apply(Batch(Shop.Flow(unknown, "10.1.0.2", 80)), Shop.Start);

        _shop.Processor.Retry(Shop.Start.AddSeconds(59));
        (_shop.Processor.WaitingCount, _shop.Processor.CountUnresolved(UnresolvedReason.UnknownPod)).ShouldBe((1, 0));
        _shop.Processor.Retry(Shop.Start.AddSeconds(60));
        (_shop.Processor.WaitingCount, _shop.Processor.CountUnresolved(UnresolvedReason.UnknownPod)).ShouldBe((0, 1));
    }

    [Fact]
    public void Bounds_what_waits()
    {
        var unknown = new ObservedClient(Guid.NewGuid(), [], IsHostNetwork: false);
        var flows = Enumerable.Repeat(Shop.Flow(unknown, "10.1.0.2", 80), ObservationProcessor.MaxWaiting).ToArray();

        foreach (var node in Enumerable.Range(1, 20))
        {
            _shop.Processor.Apply(Batch([.. flows]) with { Node = $"node-{node}" }, Shop.Start);
        }

        _shop.Processor.WaitingCount.ShouldBe(ObservationProcessor.MaxWaiting);
        _shop.Processor.CountUnresolved(UnresolvedReason.TooManyWaiting).ShouldBe(19 * ObservationProcessor.MaxWaiting);
    }

    [Fact]
    public void Leaves_room_for_other_nodes_when_one_reports_many_unknown_Pods()
    {
        var unknown = new ObservedClient(Guid.NewGuid(), [], IsHostNetwork: false);
        var many = Enumerable.Repeat(Shop.Flow(unknown, "10.1.0.2", 80), ObservationProcessor.MaxWaiting).ToArray();
        var late = _shop.AddDeploymentPod("orders", "10.1.0.7") with { Uid = Guid.NewGuid() };
        _shop.AddDeploymentPod("cart", "10.1.0.2");
        _shop.Processor.Apply(Batch([.. many]) with { Node = "node-2" }, Shop.Start);
        _shop.Processor.Retry(Shop.Start.AddSeconds(5));
        _shop.Processor.Apply(Batch([.. many]) with { Node = "node-2" }, Shop.Start.AddSeconds(5));

        _shop.Processor.Apply(Batch(Shop.Flow(Shop.Client(late), "10.1.0.2", 80, "10.1.0.2", 80)), Shop.Start.AddSeconds(6));
        _shop.Processor.WaitingCount.ShouldBe((ObservationProcessor.MaxWaiting / 2) + 1);

        _shop.Cluster.SetPod(late, Shop.Start.AddSeconds(7));
        _shop.Processor.Retry(Shop.Start.AddSeconds(10));
        _shop.Map.CallCount.ShouldBe(1);
    }

    [Fact]
    public void Names_a_flow_by_an_answer_that_came_after_it()
    {
        var client = Shop.Client(_shop.AddDeploymentPod("checkout", "10.1.0.1"));
        _shop.Processor.Apply(Batch(Shop.Flow(client, "203.0.113.5", 443, "203.0.113.5", 443)), Shop.Start);
        _shop.Processor.Apply(
            new ObservedBatch("sensor", ++_sequence, Shop.Node, [], [Shop.Answer(client, "api.example.com", "203.0.113.5")]), Shop.Start);
        _shop.Processor.Retry(Shop.Start.AddSeconds(1));

        var call = _shop.Map.FindDue(Shop.Start, 1).Single().Object!.Calls.ShouldHaveSingleItem();
        call.Target.Internet!.Domains.ShouldBe(["api.example.com"]);
        call.Sources.ShouldBe(["Dns", "Tcp"]);
        call.Addresses.ShouldBe(["203.0.113.5"]);
    }

    [Fact]
    public void Remembers_the_batches_of_a_bounded_number_of_sensors()
    {
        var log = new BatchLog(maxInstances: 2);
        log.TryAdd("one", 1, Shop.Start).ShouldBeTrue();
        log.TryAdd("two", 1, Shop.Start.AddSeconds(1)).ShouldBeTrue();
        log.TryAdd("three", 1, Shop.Start.AddSeconds(2)).ShouldBeTrue();

        log.TryAdd("two", 1, Shop.Start.AddSeconds(3)).ShouldBeFalse();
        log.TryAdd("one", 1, Shop.Start.AddSeconds(4)).ShouldBeTrue();
    }

    [Fact]
    public void Takes_batches_of_a_sensor_in_any_order_but_far_old_ones()
    {
        var log = new BatchLog();
        log.TryAdd("one", 5000, Shop.Start).ShouldBeTrue();
        log.TryAdd("one", 4500, Shop.Start).ShouldBeTrue();
        log.TryAdd("one", 4500, Shop.Start).ShouldBeFalse();
        log.TryAdd("one", 3000, Shop.Start).ShouldBeFalse();
    }

    private ObservedBatch Batch(params ImmutableArray<ObservedFlow> flows) => new("sensor", ++_sequence, Shop.Node, flows, []);
}
