using System.Diagnostics;
using System.Globalization;
using Wayleave.Sensor.Tests.Support;
using static Wayleave.Sensor.Tests.Namespaces.NetworkNamespace;

namespace Wayleave.Sensor.Tests.Namespaces;

/// <summary>tcpdump at the interface of a client, where each packet passes once, and tshark to read what it saw.</summary>
internal sealed class PacketWitness : IAsyncDisposable
{
    private readonly Process _tcpdump;
    private readonly string _file;

    private PacketWitness(Process tcpdump, string file) => (_tcpdump, _file) = (tcpdump, file);

    public static async Task<PacketWitness> StartAsync(NetworkNamespace network)
    {
        var file = Path.Combine(Path.GetTempPath(), $"wayleave-{Guid.NewGuid():N}.pcap");
        var tcpdump = network.Start("tcpdump", "-i", "eth0", "-U", "-Z", "root", "-w", file, "tcp or udp port 53 or ip6");
        while (await tcpdump.StandardError.ReadLineAsync() is { } line && !line.Contains("listening on", StringComparison.Ordinal))
        {
            // It says when it has begun.
        }

        return new PacketWitness(tcpdump, file);
    }

    /// <summary>The calls of a client to the ports, such as <c>10.96.0.10:80 connected 1, refused 0, unanswered 0</c>.</summary>
    public async Task<IReadOnlyList<string>> ReadCallsAsync(IReadOnlyCollection<string> clients, IReadOnlyCollection<int> ports)
    {
        var syns = new Dictionary<(string From, uint Sequence), string>();
        var answers = new Dictionary<(string To, uint Sequence), string>();
        foreach (var fields in await ReadAsync("tcp.flags.syn==1 || tcp.flags.reset==1", "tcp.srcport", "tcp.dstport", "tcp.flags.syn", "tcp.flags.ack", "tcp.flags.reset", "tcp.seq_raw", "tcp.ack_raw"))
        {
            var (from, to) = (Format(fields[0], fields[2]), Format(fields[1], fields[3]));
            var (isSyn, isAck, isReset) = (IsSet(fields[4]), IsSet(fields[5]), IsSet(fields[6]));
            if (isSyn && !isAck && clients.Contains(fields[0]) && ports.Contains(int.Parse(fields[3], CultureInfo.InvariantCulture)))
            {
                syns.TryAdd((from, Number(fields[7])), to);
            }
            else if (isAck && (isSyn || isReset))
            {
                answers.TryAdd((to, Number(fields[8]) - 1), isSyn ? "connected" : "refused");
            }
        }

        return [.. syns
            .GroupBy(syn => syn.Value, syn => answers.GetValueOrDefault(syn.Key, "unanswered"))
            .Select(call => Describe(call.Key, Count(call, "connected"), Count(call, "refused"), Count(call, "unanswered")))
            .Order(StringComparer.Ordinal)];
    }

    /// <summary>The names that a name server answered to a client, such as <c>api.named.test 192.0.2.1</c>.</summary>
    public async Task<IReadOnlyList<string>> ReadNamesAsync(IReadOnlyCollection<string> clients, string kind) =>
        [.. (await ReadAsync("dns.flags.response==1", "dns.qry.name", "dns.a", "dns.aaaa"))
            .Where(fields => clients.Contains(fields[1]))
            .Select(fields => (Name: fields[2].Split(',')[0].ToLowerInvariant(), Addresses: fields[3].Split(',').Concat(fields[4].Split(','))))
            .Where(answer => answer.Name.EndsWith($".{kind}.test", StringComparison.Ordinal))
            .SelectMany(answer => answer.Addresses.Where(address => address.Length > 0).Select(address => $"{answer.Name} {address}"))
            .Distinct()
            .Order(StringComparer.Ordinal)];

    public static string Describe(string called, long connected, long refused, long unanswered) =>
        string.Create(CultureInfo.InvariantCulture, $"{called} connected {connected}, refused {refused}, unanswered {unanswered}");

    public async ValueTask DisposeAsync()
    {
        _tcpdump.Kill(entireProcessTree: true);
        await _tcpdump.WaitForExitAsync();
        _tcpdump.Dispose();
        File.Delete(_file);
    }

    private static int Count(IEnumerable<string> outcomes, string wanted) => outcomes.Count(outcome => outcome == wanted);

    private static bool IsSet(string flag) => flag is "1" or "True";

    private static uint Number(string text) => uint.Parse(text, CultureInfo.InvariantCulture);

    private static string Format(string address, string port) => PacketBytes.End(address.Contains(':', StringComparison.Ordinal) ? $"[{address}]:{port}" : $"{address}:{port}").ToString();

    // Source and destination first, of either family.
    private async Task<IReadOnlyList<string[]>> ReadAsync(string filter, params string[] fields)
    {
        var wanted = string.Join(' ', fields.Select(field => $"-e {field}"));
        var output = await ShellAsync($"tshark -n -r {_file} -Y '({filter}) && !icmp && !icmpv6' -T fields -E separator='|' -e ip.src -e ipv6.src -e ip.dst -e ipv6.dst {wanted} 2>/dev/null");
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split('|'))
            .Select(parts => (string[])[parts[0] + parts[1], parts[2] + parts[3], .. parts[4..]])];
    }
}
