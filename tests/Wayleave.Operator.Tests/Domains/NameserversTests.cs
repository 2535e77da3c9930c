using System.Net;
using Wayleave.Operator.Domains;
using Wayleave.Testing.Time;

namespace Wayleave.Operator.Tests.Domains;

public sealed class NameserversTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly ManualTimeProvider _time = new();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("10.96.0.10", "10.96.0.10:53")]
    [InlineData("10.96.0.10:5353", "10.96.0.10:5353")]
    [InlineData("2001:db8::53", "[2001:db8::53]:53")]
    [InlineData("[2001:db8::53]:5353", "[2001:db8::53]:5353")]
    public void Parses_an_address_with_or_without_a_port(string text, string endpoint) =>
        Nameservers.Parse(text)!.ToString().ShouldBe(endpoint);

    [Theory]
    [InlineData("")]
    [InlineData("dns.example.com")]
    [InlineData("10.96.0.10:")]
    [InlineData("10.96.0.10:0")]
    [InlineData("10.96.0.10:65536")]
    [InlineData("10.96")]
    [InlineData("10.96:53")]
    [InlineData("53")]
    [InlineData("[2001:db8::53]")]
    public void Returns_null_for_an_invalid_address_or_port(string text) => Nameservers.Parse(text).ShouldBeNull();

    [Fact]
    public void Uses_the_first_three_valid_nameservers_of_the_file_in_order()
    {
        string[] lines =
        [
            "# nameserver 192.0.2.1", "search shop.svc.cluster.local", "nameserver 10.96.0.10", "\tnameserver\tfd00::10", "nameserver x",
            "nameserver 192.0.2.2", "nameserver 192.0.2.3", "options ndots:5",
        ];
        File.WriteAllLines(_file, lines);

        Current().ShouldBe(["10.96.0.10:53", "[fd00::10]:53", "192.0.2.2:53"]);
    }

    [Fact]
    public void Uses_the_loopback_address_when_the_file_has_no_nameserver_or_is_missing()
    {
        File.WriteAllText(_file, "search shop.svc.cluster.local\n");
        Current().ShouldBe(["127.0.0.1:53"]);

        new Nameservers(null, _time, _file + ".missing").Current().ShouldBe([new IPEndPoint(IPAddress.Loopback, 53)]);
    }

    [Fact]
    public void A_configured_nameserver_overrides_the_file()
    {
        File.WriteAllText(_file, "nameserver 10.96.0.10\n");

        new Nameservers(IPEndPoint.Parse("192.0.2.1:5353"), _time, _file).Current().ShouldBe([IPEndPoint.Parse("192.0.2.1:5353")]);
    }

    [Fact]
    public void Uses_the_nameservers_of_a_changed_file_after_31_seconds()
    {
        var nameservers = new Nameservers(null, _time, _file);
        File.WriteAllText(_file, "nameserver 192.0.2.1\n");
        nameservers.Current().ShouldBe([IPEndPoint.Parse("192.0.2.1:53")]);

        File.WriteAllText(_file, "nameserver 192.0.2.2\n");
        _time.Advance(TimeSpan.FromSeconds(31));

        nameservers.Current().ShouldBe([IPEndPoint.Parse("192.0.2.2:53")]);
    }

    private IEnumerable<string> Current() => new Nameservers(null, _time, _file).Current().Select(endpoint => endpoint.ToString());
}
