using System.Net;
using System.Net.Sockets;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Settings;

namespace Wayleave.Operator.Tests.Hosting;

public sealed class ListeningPortSetTests
{
    [Theory]
    [InlineData("metrics-port", "127.0.0.1")]
    [InlineData("probe-port", "127.0.0.1")]
    [InlineData("metrics-port", "*")]
    [InlineData("probe-port", "*")]
    public void Rejects_a_port_that_is_in_use_and_names_its_flag(string flag, string address)
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        Rejection((flag, $"{port}"), ("bind-address", address))
            .ShouldBe($"--{flag}: port {port} is in use by another program; stop it, or give another port (0 picks a free one)");
    }

    [Fact]
    public void Rejects_an_address_that_the_machine_does_not_have() =>
        Rejection(("bind-address", "192.0.2.1"))
            .ShouldBe("--bind-address: 192.0.2.1 is not an address of this machine; give one that is, or * for every address");

    [Theory]
    [InlineData("*")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public void Accepts_free_ports(string address) =>
        Should.NotThrow(() => HttpEndpoints.GetPorts(Options(("bind-address", address))).CheckFree());

    private static string Rejection(params (string Flag, string Value)[] given) =>
        Should.Throw<OptionsException>(() => HttpEndpoints.GetPorts(Options(given)).CheckFree()).Message;

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
