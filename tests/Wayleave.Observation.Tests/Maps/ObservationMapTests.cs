using System.Net;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Observation.Maps;
using Wayleave.Observation.Resolution;
using Wayleave.Observation.Tests.Support;

namespace Wayleave.Observation.Tests.Maps;

public sealed class ObservationMapTests
{
    private readonly ObservationMap _map = new(new MapOptions(TimeSpan.FromDays(30), CountsDiscoveries: true));
    private DateTimeOffset _now = Shop.Start;

    [Fact]
    public void Merges_the_ports_of_a_server_into_one_target()
    {
        Record(Shop.Call(port: 8080), Shop.Call(port: 9090), Shop.Call(port: 8080));

        var stored = Write();
        stored.Metadata.Name.ShouldBe("deployment-checkout");
        stored.Metadata.NamespaceProperty.ShouldBe("shop");
        (stored.Workload.Name, stored.Workload.Kind).ShouldBe(("checkout", "Deployment"));
        var call = stored.Calls.ShouldHaveSingleItem();
        call.Target.Kubernetes!.Ports.ShouldBe([new PortNumberOrName(8080), new PortNumberOrName(9090)]);
        (call.Target.Kubernetes.Name, call.Target.Kubernetes.Kind).ShouldBe(("cart", "Deployment"));
        (call.Outcome, call.Connections, call.Sources.Single()).ShouldBe((ObservedOutcomes.Connected, "1", ObservedSources.Tcp));
    }

    [Fact]
    public void Names_a_target_in_another_namespace_with_it()
    {
        Record(
            Shop.Call() with { Target = new CallTarget(CallTargetType.Workload, "billing", "StatefulSet", "orders"), Service = new ObjectKey("billing", "orders-rw") },
            Shop.Call() with { Target = new CallTarget(CallTargetType.Workload, "shop", "Deployment", "cart.v2") },
            Shop.Call() with { Target = CallTarget.Service(new ObjectKey("default", "kubernetes")) },
            Shop.Call() with { Target = CallTarget.Address(IPAddress.Parse("203.0.113.5")) },
            Shop.Call() with { Target = CallTarget.Address(IPAddress.Parse("2001:db8::1")) });

        var calls = Write().Calls;
        calls.Select(call => call.Target.Kubernetes?.Name ?? call.Target.Service?.Name ?? call.Target.Internet!.Ips!.Single())
            .ShouldBe(["orders.billing", "cart.v2.shop", "kubernetes.default", "2001:db8::1/128", "203.0.113.5/32"]);
        calls[0].Service.ShouldBe("orders-rw.billing");
    }

    [Fact]
    public void A_call_of_its_first_hour_was_seen_last_when_it_was_seen_first()
    {
        var at = Shop.Start.AddMinutes(20);
        Record(Shop.Call() with { First = at, Last = at.AddMinutes(10) });

        var call = Write().Calls.Single();
        (call.First, call.Last).ShouldBe((at.UtcDateTime, at.UtcDateTime));
        Record(Shop.Call() with { First = at, Last = at.AddMinutes(70) });
        WriteLater().Calls.Single().Last.ShouldBe(at.AddMinutes(70).UtcDateTime.Date.AddHours(at.AddMinutes(70).Hour));
    }

    [Fact]
    public void Is_connected_once_it_ever_was()
    {
        Record(Shop.Call() with { Connected = 0, Unanswered = 3 });
        Write().Calls.Single().Outcome.ShouldBe(ObservedOutcomes.Unanswered);
        Record(Shop.Call() with { Connected = 0, Refused = 1 });
        WriteLater().Calls.Single().Outcome.ShouldBe(ObservedOutcomes.Refused);
        Record(Shop.Call());
        WriteLater().Calls.Single().Outcome.ShouldBe(ObservedOutcomes.Connected);
        Record(Shop.Call() with { Connected = 0, Refused = 9 });
        _now = _now.AddHours(2);
        _map.FindDue(_now, 10).ShouldBeEmpty();
    }

    [Fact]
    public void Ports_with_another_outcome_are_another_call()
    {
        Record(Shop.Call() with { Ports = [8080] });
        Record(Shop.Call() with { Ports = [8081], Connected = 0, Refused = 20 });
        Record(Shop.Call() with { Ports = [8082], Connected = 0, Unanswered = 1 });
        var calls = Write().Calls;

        calls.Select(call => $"{call.Target.Kubernetes!.Ports!.Single()} {call.Outcome} {call.Connections}")
            .ShouldBe(["8080 Connected 1", "8081 Refused 10+", "8082 Unanswered 1"]);
        Record(Shop.Call() with { Ports = [8081] });
        WriteLater().Calls.Select(call => $"{string.Join(',', call.Target.Kubernetes!.Ports!)} {call.Outcome}")
            .ShouldBe(["8080,8081 Connected", "8082 Unanswered"]);
    }

    [Fact]
    public void A_name_that_was_only_resolved_is_no_call_that_failed()
    {
        Record(Shop.Call() with { Ports = [], Connected = 0, Source = ObservedSources.Dns });
        Write().Calls.Single().Outcome.ShouldBe(ObservedOutcomes.Resolved);
        Record(Shop.Call());
        WriteLater().Calls.Single().Outcome.ShouldBe(ObservedOutcomes.Connected);
    }

    [Fact]
    public void A_busy_call_costs_one_write_an_hour()
    {
        var writes = 0;
        for (var minute = 0; minute < 240; minute++)
        {
            _now = Shop.Start.AddMinutes(minute);
            Record(Shop.Call(at: _now) with { Connected = 10 });
            foreach (var due in _map.FindDue(_now, 10))
            {
                _map.MarkWritten(due, "uid", _now);
                writes++;
            }
        }

        writes.ShouldBe(4);
    }

    [Fact]
    public void Writes_new_calls_before_anything_else_and_an_object_once_a_minute()
    {
        Record(Shop.Call());
        Write();
        Record(Shop.Call(port: 9090));
        Record(Shop.Call() with { Client = Shop.Cart, Target = new CallTarget(CallTargetType.Workload, "shop", "Deployment", "db") });

        _map.FindDue(_now.AddSeconds(59), 10).Select(write => write.Key.Name).ShouldBe(["deployment-cart"]);
        _map.FindDue(_now.AddSeconds(60), 1).Select(write => write.Key.Name).ShouldBe(["deployment-checkout"]);
    }

    [Fact]
    public void Writes_what_changed_during_a_write_with_the_next_one()
    {
        Record(Shop.Call());
        var write = _map.FindDue(_now, 1).Single();
        Record(Shop.Call(port: 9090));
        _map.MarkWritten(write, "uid", _now);

        WriteLater().Calls.Single().Target.Kubernetes!.Ports!.Count.ShouldBe(2);
    }

    [Fact]
    public void Backs_off_from_an_object_that_cannot_be_written()
    {
        Record(Shop.Call());
        foreach (var seconds in new[] { 1, 2, 4 })
        {
            _map.MarkFailed(_map.FindDue(_now, 1).Single(), _now);
            _map.FindDue(_now.AddSeconds(seconds - 0.1), 1).ShouldBeEmpty();
            _now = _now.AddSeconds(seconds);
        }

        Write().Calls.Count.ShouldBe(1);
    }

    [Fact]
    public void Forgets_calls_after_the_retention_and_deletes_the_object_with_the_last_one()
    {
        Record(Shop.Call("cart"), Shop.Call("orders", at: Shop.Start.AddDays(10)));
        Write();

        _now = Shop.Start.AddDays(31);
        _map.Expire(_now);
        WriteLater().Calls.Single().Target.Kubernetes!.Name.ShouldBe("orders");

        _now = Shop.Start.AddDays(41);
        _map.Expire(_now);
        var deletion = _map.FindDue(_now, 10).ShouldHaveSingleItem();
        (deletion.Object, deletion.Uid).ShouldBe((null, "uid"));
        _map.MarkWritten(deletion, uid: null, _now);
        _map.WorkloadCount.ShouldBe(0);
    }

    [Fact]
    public void Keeps_a_call_that_came_while_its_object_was_deleted()
    {
        Record(Shop.Call());
        Write();
        _now = Shop.Start.AddDays(31);
        _map.Expire(_now);
        var deletion = _map.FindDue(_now, 10).Single();
        Record(Shop.Call(at: _now));
        _map.MarkWritten(deletion, uid: null, _now);
        _map.Forget(deletion.Key, "uid");

        var write = _map.FindDue(_now.AddMinutes(1), 10).ShouldHaveSingleItem();
        (write.Object!.Calls.Count, write.Uid, write.Object.Metadata.Uid).ShouldBe((1, null, null));
    }

    [Fact]
    public void Forgets_the_calls_of_an_object_that_somebody_deleted()
    {
        Record(Shop.Call());
        Write();

        _map.Forget(new ObjectKey("shop", "deployment-checkout"), "another-uid");
        _map.CallCount.ShouldBe(1);
        _map.Forget(new ObjectKey("shop", "deployment-checkout"), "uid");
        _map.CallCount.ShouldBe(0);

        Record(Shop.Call("orders"));
        Write().Calls.ShouldHaveSingleItem().Target.Kubernetes!.Name.ShouldBe("orders");
    }

    [Fact]
    public void Leaves_out_new_calls_beyond_a_thousand_and_says_so()
    {
        Record([.. Enumerable.Range(0, 1001).Select(number => Shop.Call($"server-{number}"))]);

        var stored = Write();
        (stored.Calls.Count, stored.Truncated, stored.Telemetry!.Intents).ShouldBe((1000, true, 1000));
        stored.Calls.ShouldNotContain(call => call.Target.Kubernetes!.Name == "server-1000");
    }

    [Fact]
    public void Is_the_same_map_after_a_restart()
    {
        Record(
            Shop.Call() with { Connected = 250, Service = new ObjectKey("shop", "cart") },
            Shop.Call("orders") with { IsAmbiguous = true, Connected = 0, Refused = 12 },
            Shop.Call() with { Target = CallTarget.Domain("api.example.com"), Ports = [443], Addresses = [IPAddress.Parse("203.0.113.5")], IsInfrastructure = true },
            Shop.Call() with { Target = CallTarget.Service(new ObjectKey("default", "kubernetes")) });
        var stored = Write();

        var restarted = new ObservationMap(new MapOptions(TimeSpan.FromDays(30), CountsDiscoveries: true));
        restarted.Restore(stored);
        restarted.FindDue(_now.AddDays(1), 10).ShouldBeEmpty();
        restarted.TryRecord(Shop.Call("new"), _now);

        var again = restarted.FindDue(_now, 10).ShouldHaveSingleItem();
        again.Uid.ShouldBe("uid");
        again.Object!.Calls.Count.ShouldBe(5);
        Texts.Of(again.Object.Calls.Where(call => call.Target.Kubernetes?.Name != "new")).ShouldBe(Texts.Of(stored.Calls));
        again.Object.Telemetry!.Intents.ShouldBe(5);
        again.Object.Since.ShouldBe(stored.Since);
    }

    [Fact]
    public void Takes_an_object_that_another_client_changed_to_impossible_times()
    {
        Record(Answer("api.example.com", "203.0.113.1"), Answer("api.example.com", "203.0.113.2"));
        var stored = Write();
        (stored.Since, stored.Calls[0].First, stored.Calls[0].Last) = (DateTime.MinValue, DateTime.MinValue, DateTime.MinValue);

        var restarted = new ObservationMap(new MapOptions(TimeSpan.FromDays(30), CountsDiscoveries: false));
        restarted.Restore(stored);
        restarted.Expire(_now);

        restarted.FindDue(_now.AddMinutes(1), 10).ShouldHaveSingleItem().Object.ShouldBeNull("the call has expired");
    }

    [Fact]
    public void Counts_the_calls_that_were_ever_seen_by_source()
    {
        Record(Shop.Call(), Shop.Call(port: 9090), Shop.Call("orders"), Shop.Call("orders") with { Source = ObservedSources.SocketScan });

        Write().Telemetry.ShouldBe(new DiscoveryTally { Intents = 2, Tcp = 2, SocketScan = 1 });

        _map.Expire(_now.AddDays(31));
        _now = _now.AddDays(31);
        Record(Shop.Call(at: _now));
        WriteLater().Telemetry.ShouldBe(new DiscoveryTally { Intents = 3, Tcp = 3, SocketScan = 1 });
    }

    [Fact]
    public void Does_not_count_without_being_told_to()
    {
        var map = new ObservationMap(new MapOptions(TimeSpan.FromDays(30), CountsDiscoveries: false));
        map.TryRecord(Shop.Call(), _now);

        map.FindDue(_now, 1).Single().Object!.Telemetry.ShouldBeNull();
    }

    [Fact]
    public void Stores_a_new_name_or_address_within_two_seconds_of_the_last_write()
    {
        Record(Answer("api.example.com", "203.0.113.1"));
        Write().Calls.Single().Addresses.ShouldBe(["203.0.113.1"]);

        _now = _now.AddSeconds(1);
        Record(Answer("api.example.com", "203.0.113.2"), Answer("pay.example.com", "203.0.113.3"));
        _map.FindDue(_now, 10).ShouldBeEmpty();
        _now = _now.AddSeconds(1);
        var stored = Write();
        stored.Calls.ConvertAll(call => $"{call.Target.Internet!.Domains!.Single()} {string.Join(',', call.Addresses!)}")
            .ShouldBe(["api.example.com 203.0.113.1,203.0.113.2", "pay.example.com 203.0.113.3"]);

        Record(Answer("pay.example.com", "203.0.113.3"));
        _map.FindDue(_now.AddSeconds(59), 10).ShouldBeEmpty();
    }

    [Fact]
    public void Writes_an_object_five_times_more_than_once_a_minute_however_many_names_are_new()
    {
        var writes = 0;
        for (var second = 0; second < 1800; second++)
        {
            _now = Shop.Start.AddSeconds(second);
            Record(Answer($"name-{second / 2}.example.com", "203.0.113.1"));
            foreach (var due in _map.FindDue(_now, 10))
            {
                _map.MarkWritten(due, "uid", _now);
                writes++;
            }
        }

        writes.ShouldBeInRange(30, 36);
    }

    [Fact]
    public void Writes_new_answers_before_new_calls()
    {
        Record(Shop.Call());
        Record(Answer("api.example.com", "203.0.113.1") with { Client = Shop.Cart });

        _map.FindDue(_now, 1).Select(write => write.Key.Name).ShouldBe(["deployment-cart"]);
    }

    [Fact]
    public void Stores_new_addresses_of_a_domain_with_more_than_64_every_five_minutes()
    {
        var writes = 0;
        for (var minute = 0; minute < 240; minute++)
        {
            _now = Shop.Start.AddMinutes(minute);
            Record(Answer("cdn.example.net", $"203.0.113.{minute}"));
            foreach (var due in _map.FindDue(_now, 10))
            {
                due.Object!.Calls.Single().Addresses!.Count.ShouldBe(Math.Min(minute + 1, 64));
                due.Object.Calls.Single().Addresses!.ShouldContain($"203.0.113.{minute}");
                _map.MarkWritten(due, "uid", _now);
                writes++;
            }
        }

        writes.ShouldBeInRange(64 + 34, 64 + 36);
    }

    [Fact]
    public void Keeps_the_addresses_that_a_sensor_lists_first()
    {
        var addresses = Enumerable.Range(1, 100).Select(number => IPAddress.Parse($"203.0.113.{number}")).ToList();
        Record(Answer("cdn.example.net", "203.0.113.1") with { Addresses = [.. addresses] });

        Write().Calls.Single().Addresses.ShouldBe(addresses.Take(64).Select(address => address.ToString()), ignoreOrder: true);
    }

    [Fact]
    public void Refuses_more_workloads_than_it_may_hold()
    {
        var map = new ObservationMap(new MapOptions(TimeSpan.FromDays(30), CountsDiscoveries: false) { MaxWorkloads = 1 });

        map.TryRecord(Shop.Call(), _now).ShouldBeTrue();
        map.TryRecord(Shop.Call() with { Client = Shop.Cart }, _now).ShouldBeFalse();
        map.TryRecord(Shop.Call("orders"), _now).ShouldBeTrue();
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1")]
    [InlineData(9, "1")]
    [InlineData(10, "10+")]
    [InlineData(99_999, "10000+")]
    [InlineData(long.MaxValue, "1000000+")]
    public void Rounds_connections_down_to_a_power_of_ten(long connections, string bucket)
    {
        ConnectionBuckets.Format(connections).ShouldBe(bucket);
        ConnectionBuckets.Format(ConnectionBuckets.Parse(bucket)).ShouldBe(bucket);
    }

    [Fact]
    public void Shortens_the_names_of_objects_and_keeps_them_apart()
    {
        var one = ObjectNames.ForWorkload(new WorkloadKey("shop", "StatefulSet", new string('a', 252) + "b"));
        var other = ObjectNames.ForWorkload(new WorkloadKey("shop", "StatefulSet", new string('a', 252) + "c"));

        one.Length.ShouldBe(253);
        one.ShouldNotBe(other);
        ObjectNames.ForWorkload(new WorkloadKey("shop", "Deployment", "cart")).ShouldBe("deployment-cart");
    }

    private CallSighting Answer(string name, string address) => Shop.Call(at: _now) with
    {
        Target = CallTarget.Domain(name),
        Source = ObservedSources.Dns,
        Ports = [],
        Connected = 0,
        Addresses = [IPAddress.Parse(address)],
    };

    private void Record(params CallSighting[] calls)
    {
        foreach (var call in calls)
        {
            _map.TryRecord(call, _now).ShouldBeTrue();
        }
    }

    private ObservedIntents Write()
    {
        var write = _map.FindDue(_now, 10).ShouldHaveSingleItem();
        _map.MarkWritten(write, "uid", _now);
        write.Object!.Metadata.Uid = "uid";
        return write.Object;
    }

    private ObservedIntents WriteLater()
    {
        _now = _now.AddHours(1);
        return Write();
    }
}
