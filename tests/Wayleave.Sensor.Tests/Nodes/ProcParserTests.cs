using System.Text;
using Wayleave.Sensor.Nodes;
using Wayleave.Sensor.Tests.Support;

namespace Wayleave.Sensor.Tests.Nodes;

public sealed class ProcParserTests
{
    private const string FibTrie =
        """
        Main:
          +-- 0.0.0.0/0 3 0 5
             |-- 0.0.0.0
                /0 universe UNICAST
             +-- 10.244.1.0/24 2 0 2
                +-- 10.244.1.0/28 2 0 2
                   |-- 10.244.1.0
                      /24 link UNICAST
                   |-- 10.244.1.7
                      /32 host LOCAL
                |-- 10.244.1.255
                   /32 link BROADCAST
             +-- 127.0.0.0/8 2 0 2
                +-- 127.0.0.0/31 1 0 0
                   |-- 127.0.0.0
                      /8 host LOCAL
                   |-- 127.0.0.1
                      /32 host LOCAL
        """;

    private const string Tcp =
        """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12345 1 0000000000000000 100 0 0 10 0
           1: 0701F40A:C350 0A00600A:0050 01 00000000:00000000 02:000001A2 00000000     0        0 12346 2 0000000000000000 20 4 30 10 -1
        """;

    [Fact]
    public void Reads_local_IPv4_addresses_of_a_namespace()
    {
        var parser = default(FibTrieParser);
        var found = new List<string>();
        foreach (var line in Lines(FibTrie))
        {
            if (parser.TryAccept(line, out var address))
            {
                found.Add(address.ToString());
            }
        }

        found.ShouldBe(["10.244.1.7"]);
    }

    [Theory]
    [InlineData("fd00000000000000000000000000000a 02 40 00 80     eth0", "fd00::a")]
    [InlineData("00000000000000000000000000000001 01 80 10 80       lo", null)]
    [InlineData("fe80000000000000a8bbccfffeddeeff 02 40 20 80     eth0", null)]
    [InlineData("fd00", null)]
    [InlineData("zz000000000000000000000000000001 01 80 10 80       lo", null)]
    public void Reads_IPv6_addresses_that_are_not_local_to_a_link(string line, string? expected)
    {
        var isFound = InterfaceAddressParser.TryParse(Encoding.UTF8.GetBytes(line), out var address);
        (isFound ? address.ToString() : null).ShouldBe(expected);
    }

    [Fact]
    public void Reads_sockets()
    {
        var sockets = new List<SocketLine>();
        foreach (var line in Lines(Tcp))
        {
            if (SocketLine.TryParse(line, out var socket))
            {
                sockets.Add(socket);
            }
        }

        sockets.Count.ShouldBe(2);
        (sockets[0].Local.Port, sockets[0].State).ShouldBe(((ushort)8080, SocketState.Listen));
        (sockets[1].Local.ToString(), sockets[1].Remote.ToString(), sockets[1].State)
            .ShouldBe(("10.244.1.7:50000", "10.96.0.10:80", SocketState.Established));
    }

    [Fact]
    public void Reads_IPv4_connections_of_IPv6_sockets_as_IPv4()
    {
        SocketLine.TryParse("   3: 0000000000000000FFFF00000701F40A:C350 0000000000000000FFFF00000A00600A:0050 01 0:0"u8, out var socket).ShouldBeTrue();
        socket.Remote.ToString().ShouldBe("10.96.0.10:80");
        SocketLine.TryParse("   3: 000000FD0000000000000000 0A000000:C350 0000000000000000FFFF00000A00600A:0050 01"u8, out _).ShouldBeFalse();
    }

    [Fact]
    public void Never_throws_on_any_text()
    {
        var random = new Random(3);
        var seeds = Lines(FibTrie).Concat(Lines(Tcp))
            .Append(Encoding.UTF8.GetBytes("0::/kubepods.slice/kubepods-pod0c5f6a1e_38b5_4d7d_9a4b_2f3c4d5e6f70.slice/crio-9f86.scope"))
            .Append(Encoding.UTF8.GetBytes("fd00000000000000000000000000000a 02 40 00 80     eth0")).ToArray();
        var trie = default(FibTrieParser);
        var found = 0;
        for (var run = 0; run < 300_000; run++)
        {
            var line = Mutation.Mutate(random, seeds[run % seeds.Length]);
            found += trie.TryAccept(line, out _) || InterfaceAddressParser.TryParse(line, out _) || SocketLine.TryParse(line, out _)
                || PodCgroup.FindPodUidInLine(line) is not null ? 1 : 0;
        }

        found.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Cuts_long_lines_off_and_stops_at_the_limit()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, $"{new string('x', 10_000)}\nshort\n{new string('y', 30_000)}\nnever");
        var lengths = new List<int>();
        using (var lines = LineReader.Open(path, maxBytes: 20_000))
        {
            while (lines.TryRead(out var line))
            {
                lengths.Add(line.Length);
            }
        }

        File.Delete(path);
        lengths.ShouldContain("short".Length);
        lengths.Max().ShouldBe(LineReader.MaxLine);
        lengths.Sum().ShouldBeLessThan(LineReader.MaxLine * 10);
    }

    [Fact]
    public void Has_no_lines_for_a_file_that_is_gone()
    {
        using var lines = LineReader.Open("/nowhere/at/all", 100);
        lines.TryRead(out _).ShouldBeFalse();
    }

    private static IEnumerable<byte[]> Lines(string text) => text.Split('\n').Select(Encoding.UTF8.GetBytes);
}
