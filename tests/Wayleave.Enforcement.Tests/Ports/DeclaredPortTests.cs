using Wayleave.Enforcement.Ports;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Ports;

public class DeclaredPortTests
{
    [Theory]
    [InlineData("8080", 8080, 8080, null, null)]
    [InlineData("1", 1, 1, null, null)]
    [InlineData("65535", 65535, 65535, null, null)]
    [InlineData("53/UDP", 53, 53, "UDP", null)]
    [InlineData("53/TCP", 53, 53, "TCP", null)]
    [InlineData("3868/SCTP", 3868, 3868, "SCTP", null)]
    [InlineData("9000-9010", 9000, 9010, null, null)]
    [InlineData("9000-9000", 9000, 9000, null, null)]
    [InlineData("9000-9010/UDP", 9000, 9010, "UDP", null)]
    [InlineData("metrics", 0, 0, null, "metrics")]
    [InlineData("a", 0, 0, null, "a")]
    [InlineData("8a", 0, 0, null, "8a")]
    [InlineData("http-2", 0, 0, null, "http-2")]
    [InlineData("fifteen-letters", 0, 0, null, "fifteen-letters")]
    public void Parses_every_form(string text, int first, int last, string? protocol, string? name)
    {
        DeclaredPort.ParseOrGetError(text, allowsNames: true, out var port).ShouldBeNull();

        port.ShouldBe(new DeclaredPort(first, last, protocol, name));
        port.IsRange.ShouldBe(last > first);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8080)]
    [InlineData(65535)]
    public void Parses_a_number(int number)
    {
        DeclaredPort.ParseOrGetError(number, allowsNames: false, out var port).ShouldBeNull();

        port.ShouldBe(DeclaredPort.Single(number));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(65536)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void Rejects_a_number_that_is_not_a_port(int number) =>
        DeclaredPort.ParseOrGetError(number, allowsNames: true, out _).ShouldBe("ports are from 1 to 65535");

    [Theory]
    [InlineData("0")]
    [InlineData("65536")]
    [InlineData("0-80")]
    [InlineData("80-65536/UDP")]
    [InlineData("99999999999999999999")]
    [InlineData("080")]
    [InlineData("+80")]
    [InlineData(" 80")]
    [InlineData("80 ")]
    [InlineData("8O/UDP")]
    [InlineData("\u0668\u0660")]
    [InlineData("-80")]
    [InlineData("80-")]
    [InlineData("-")]
    [InlineData("1-2-3")]
    [InlineData("80/udp")]
    [InlineData("80/")]
    [InlineData("/UDP")]
    [InlineData("80/UDP/TCP")]
    [InlineData("80/ICMP")]
    [InlineData("")]
    [InlineData("Http")]
    [InlineData("http_2")]
    [InlineData("-http")]
    [InlineData("http-")]
    [InlineData("ht--tp")]
    [InlineData("sixteen-letters-")]
    [InlineData("a-name-that-is-too-long")]
    [InlineData("80\n")]
    public void Rejects_any_other_text_with_a_message(string text) =>
        DeclaredPort.ParseOrGetError(text, allowsNames: true, out _).ShouldNotBeNullOrWhiteSpace();

    [Theory]
    [InlineData("9010-9000", "the range runs backwards; use 9000-9010")]
    [InlineData("80/udp", "unknown protocol; use TCP, UDP or SCTP")]
    [InlineData("metrics/UDP", "a port name brings its own protocol; remove the protocol")]
    [InlineData("x_y", "not a port; use 8080, \"53/UDP\", \"9000-9010\" or a port name")]
    public void Says_how_to_fix_a_port(string text, string problem) => DeclaredPort.ParseOrGetError(text, allowsNames: true, out _).ShouldBe(problem);

    [Theory]
    [InlineData("metrics", "a port name has no meaning here; use a number, for example 8080 or \"53/UDP\"")]
    [InlineData("metrics/UDP", "a port name has no meaning here; use a number, for example 8080 or \"53/UDP\"")]
    [InlineData("x_y", "not a port; use 8080, \"53/UDP\", \"9000-9010\"")]
    public void Rejects_a_port_name_where_names_are_not_allowed(string text, string problem) =>
        DeclaredPort.ParseOrGetError(text, allowsNames: false, out _).ShouldBe(problem);

    [Fact]
    public void Rejects_missing_text()
    {
        DeclaredPort.ParseOrGetError(default(PortNumberOrName), allowsNames: true, out _).ShouldNotBeNull();
        DeclaredPort.ParseOrGetError(new PortNumberOrName(null!), allowsNames: true, out _).ShouldNotBeNull();
    }

    [Fact]
    public void Reports_the_first_invalid_port_of_a_list_and_accepts_an_empty_list()
    {
        DeclaredPort.ParseOrGetError([80, "x_y", 0], allowsNames: true, out _)!.Value.Index.ShouldBe(1);
        DeclaredPort.ParseOrGetError((List<PortNumberOrName>?)null, allowsNames: true, out var none).ShouldBeNull();
        none.ShouldBeEmpty();
        DeclaredPort.ParseOrGetError([], allowsNames: true, out none).ShouldBeNull();
        none.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("80", 80, null, "TCP", true)]
    [InlineData("80", 80, null, "UDP", true)]
    [InlineData("80/UDP", 80, null, "UDP", true)]
    [InlineData("80/UDP", 80, null, null, false)]
    [InlineData("80/TCP", 80, null, null, true)]
    [InlineData("80", 81, null, null, false)]
    [InlineData("80-90", 90, null, null, true)]
    [InlineData("80-90", 91, null, null, false)]
    [InlineData("80-90/UDP", 85, null, "TCP", false)]
    [InlineData("web", 80, "web", "UDP", true)]
    [InlineData("web", 80, "api", null, false)]
    [InlineData("web", 0, null, null, false)]
    public void Matches_the_ports_of_a_Service(string text, int number, string? name, string? protocol, bool matches)
    {
        DeclaredPort.ParseOrGetError(text, allowsNames: true, out var port);

        port.Matches(number, name, protocol).ShouldBe(matches);
    }

    [Theory]
    [InlineData("8080")]
    [InlineData("53/UDP")]
    [InlineData("9000-9010")]
    [InlineData("9000-9010/SCTP")]
    [InlineData("metrics")]
    public void Formats_a_port_as_it_was_written(string text)
    {
        DeclaredPort.ParseOrGetError(text, allowsNames: true, out var port);

        port.ToString().ShouldBe(text);
    }
}
