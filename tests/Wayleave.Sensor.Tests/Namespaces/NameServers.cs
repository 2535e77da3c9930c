using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Wayleave.Sensor.Tests.Support;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Sensor.Tests.Namespaces;

/// <summary>A real name server in a namespace, with the names <c>api.ZONE</c> and, as an alias of it, <c>www.ZONE</c>.</summary>
internal sealed class NameServer : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _folder;

    private NameServer(Process process, string folder) => (_process, _folder) = (process, folder);

    public static NameServer Start(string kind, NetworkNamespace network, string address)
    {
        var folder = Directory.CreateTempSubdirectory("wayleave-dns-").FullName;
        var configuration = Path.Combine(folder, "configuration");
        File.WriteAllText(configuration, kind switch
        {
            "dnsmasq" => $"no-resolv\nno-hosts\nlocal=/dnsmasq.test/\nbind-interfaces\nlisten-address={address}\nuser=root\nhost-record=api.dnsmasq.test,192.0.2.10,2001:db8::10\ncname=www.dnsmasq.test,api.dnsmasq.test\n",
            "unbound" => $"server:\n interface: {address}\n username: \"\"\n chroot: \"\"\n pidfile: \"\"\n directory: \"{folder}\"\n use-syslog: no\n module-config: \"iterator\"\n access-control: 0.0.0.0/0 allow\n access-control: ::/0 allow\n local-zone: \"unbound.test.\" static\n local-data: \"api.unbound.test. A 192.0.2.10\"\n local-data: \"api.unbound.test. AAAA 2001:db8::10\"\n local-data: \"www.unbound.test. A 192.0.2.10\"\n local-data: \"www.unbound.test. AAAA 2001:db8::10\"\n",
            _ => $"options {{ directory \"{folder}\"; listen-on {{ {(address.Contains(':') ? "none" : address)}; }}; listen-on-v6 {{ {(address.Contains(':') ? address : "none")}; }}; pid-file none; session-keyfile none; recursion no; dnssec-validation no; }};\ncontrols {{ }};\nzone \"named.test\" {{ type primary; file \"zone\"; }};\n",
        });
        File.WriteAllText(Path.Combine(folder, "zone"), "$TTL 60\n@ SOA ns admin 1 60 60 60 60\n@ NS ns\nns A 192.0.2.53\napi A 192.0.2.10\napi AAAA 2001:db8::10\nwww CNAME api\n");
        return new NameServer(
            network.Start(kind switch
            {
                "dnsmasq" => ["dnsmasq", "--no-daemon", $"--conf-file={configuration}", "--pid-file="],
                "unbound" => ["unbound", "-d", "-c", configuration],
                _ => ["named", "-g", "-c", configuration],
            }),
            folder);
    }

    /// <summary>Asks until there is an answer.</summary>
    public static Task<byte[]> AskAsync(NetworkNamespace network, string server, string name, ushort type, bool isTcp) => Poll.UntilAsync(
        $"an answer of {server}", async token => await AskOnceAsync(network, new IPEndPoint(IPAddress.Parse(server), 53), name, type, isTcp, token),
        Poll.Patience, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<byte[]?> AskOnceAsync(
        NetworkNamespace network, IPEndPoint server, string name, ushort type, bool isTcp, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(2));
        using var socket = network.Create(() => isTcp
            ? new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
        await socket.ConnectAsync(server, limit.Token);
        byte[] query = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. DnsBytes.Name(name), (byte)(type >> 8), (byte)type, 0, 1];
        await socket.SendAsync(isTcp ? [(byte)(query.Length >> 8), (byte)query.Length, .. query] : query, limit.Token);

        // Some servers send the length of a TCP answer by itself.
        var answer = new byte[4096];
        var header = isTcp ? 2 : 0;
        var length = 0;
        while (length < header + 12 && await socket.ReceiveAsync(answer.AsMemory(length), limit.Token) is > 0 and var received)
        {
            length += received;
        }

        // A server that still reads its names refuses.
        const int NameError = 3;
        return length >= header + 12 && (answer[header + 3] & 0xf) is 0 or NameError ? answer[header..length] : null;
    }
}
