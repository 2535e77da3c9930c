using System.Net;
using System.Net.Sockets;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;

namespace Wayleave.Operator.Tests.Hosting;

public sealed class ListeningPortsTests
{
    [Theory]
    [InlineData("metrics-port", "127.0.0.1")]
    [InlineData("probe-port", "127.0.0.1")]
    [InlineData("metrics-port", "*")]
    [InlineData("probe-port", "*")]
    public void A_port_that_is_in_use_is_refused_with_its_flag(string flag, string address)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        Refused((flag, $"{port}"), ("bind-address", address))
            .ShouldBe($"--{flag}: port {port} is in use by another program; stop it, or give another port (0 picks a free one)");
    }

    [Fact]
    public void An_address_that_the_machine_does_not_have_is_refused() =>
        Refused(("bind-address", "192.0.2.1"))
            .ShouldBe("--bind-address: 192.0.2.1 is not an address of this machine; give one that is, or * for every address");

    [Theory]
    [InlineData("*")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public void Ports_that_are_free_are_accepted(string address) =>
        Should.NotThrow(() => ListeningPorts.Check(Options(("bind-address", address))));

    private static string Refused(params (string Flag, string Value)[] given) =>
        Should.Throw<OptionsException>(() => ListeningPorts.Check(Options(given))).Message;

    private static OperatorOptions Options(params (string Flag, string Value)[] given)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal) { ["metrics-port"] = "0", ["probe-port"] = "0" };
        foreach (var (flag, value) in given)
        {
            flags[flag] = value;
        }

        return OperatorOptions.Read(flags, new Dictionary<string, string>(StringComparer.Ordinal));
    }
}
