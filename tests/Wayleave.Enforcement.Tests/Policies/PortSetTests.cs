using FsCheck;
using FsCheck.Fluent;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Tests.Policies;

public class PortSetTests
{
    private static readonly string[] _protocols = ["TCP", "UDP", "SCTP"];

    [Fact]
    public void An_empty_set_stands_for_every_port() => Set().ShouldBeEmpty();

    [Fact]
    public void Every_port_includes_all_others_in_any_order()
    {
        Set([new PolicyPort("TCP", 80)], []).ShouldBeEmpty();
        Set([], [new PolicyPort("TCP", 80)]).ShouldBeEmpty();
    }

    [Fact]
    public void A_port_in_a_range_of_the_same_protocol_is_dropped() => Set(
        [new PolicyPort("TCP", 80), new PolicyPort("TCP", 85), new PolicyPort("UDP", 85), new PolicyPort("TCP", 91)],
        [new PolicyPort("TCP", 80, 90)]).ShouldBe([new PolicyPort("TCP", 80, 90), new PolicyPort("UDP", 85), new PolicyPort("TCP", 91)]);

    [Fact]
    public void Keeps_the_longest_of_the_ranges_that_start_at_the_same_port() => Set(
        [new PolicyPort("TCP", 80, 90), new PolicyPort("TCP", 80, 100), new PolicyPort("TCP", 80), new PolicyPort("TCP", 82, 95)])
        .ShouldBe([new PolicyPort("TCP", 80, 100)]);

    [Fact]
    public void Ranges_that_overlap_stay_as_they_are() =>
        Set([new PolicyPort("TCP", 80, 90), new PolicyPort("TCP", 85, 95)]).ShouldBe([new PolicyPort("TCP", 80, 90), new PolicyPort("TCP", 85, 95)]);

    [Fact]
    public void A_range_of_one_port_equals_that_port() => Set([new PolicyPort("TCP", 80, 80), new PolicyPort("TCP", 80)]).ShouldHaveSingleItem();

    [Fact]
    public void Names_come_last_and_include_only_themselves() => Set(
        [new PolicyPort("TCP", "http"), new PolicyPort("TCP", 80, 90), new PolicyPort("UDP", "http"), new PolicyPort("TCP", "http")])
        .ShouldBe([new PolicyPort("TCP", 80, 90), new PolicyPort("TCP", "http"), new PolicyPort("UDP", "http")]);

    [Fact]
    public void Keeps_exactly_the_ports_that_no_other_port_includes() => Prop.ForAll(Ports().ToArbitrary(), ports =>
    {
        var set = Set(ports);
        return set.SequenceEqual(Set([.. ports.Reverse()])) && Allowed(set).SetEquals(Allowed(ports)) && IsMinimal(set) && set.All(ports.Contains);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Holds_all_ports_of_all_protocols_or_one_range_for_each()
    {
        var all = _protocols.SelectMany(protocol => Enumerable.Range(1, 65535).Select(number => new PolicyPort(protocol, number))).ToArray();
        Random.Shared.Shuffle(all);

        Set(all, all).Count.ShouldBe(3 * 65535);
        Set(all, [new PolicyPort("TCP", 1, 65535), new PolicyPort("UDP", 1, 65535), new PolicyPort("SCTP", 1, 65535)]).Count.ShouldBe(3);
    }

    private static bool IsMinimal(IReadOnlyList<PolicyPort> ports) =>
        ports.All(port => ports.Count(other => other.Includes(port)) == 1) && ports.SequenceEqual(ports.Order());

    private static HashSet<(string, int)> Allowed(IEnumerable<PolicyPort> ports) => ports
        .SelectMany(port => Enumerable.Range(port.Port.Number, (port.EndPort ?? port.Port.Number) - port.Port.Number + 1).Select(number => (port.Protocol, number)))
        .ToHashSet();

    private static Gen<PolicyPort[]> Ports() =>
        (from protocol in Gen.Elements(_protocols)
         from first in Gen.Choose(1, 12)
         from more in Gen.Choose(0, 5)
         from isRange in Gen.Elements(true, false)
         select new PolicyPort(protocol, first, isRange ? first + more : null)).NonEmptyListOf().Select(ports => ports.ToArray());

    private static IReadOnlyList<PolicyPort> Set(params PolicyPort[][] added)
    {
        var set = new PortSet();
        foreach (var ports in added)
        {
            set.Add(ports);
        }

        return set.ToOrderedList();
    }
}
