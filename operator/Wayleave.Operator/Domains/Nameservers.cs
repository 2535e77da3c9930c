using System.Net;
using System.Net.Sockets;

namespace Wayleave.Operator.Domains;

/// <summary>The nameservers to ask, in their order: the one that was configured, or else those of <c>/etc/resolv.conf</c>.</summary>
internal sealed class Nameservers(IPEndPoint? configured, TimeProvider time, string path = "/etc/resolv.conf")
{
    private const int Port = 53;

    // What the system's own resolver reads of the file.
    private const int MaxServers = 3;

    // In a container the file never changes. On other machines it changes with the network.
    private static readonly TimeSpan _reread = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private IReadOnlyList<IPEndPoint>? _read;
    private long _readAt;

    /// <summary>The current nameservers. The local host if none is configured, like the resolver of the system.</summary>
    public IReadOnlyList<IPEndPoint> Current()
    {
        if (configured is not null)
        {
            return [configured];
        }

        lock (_lock)
        {
            if (_read is null || time.GetElapsedTime(_readAt) > _reread)
            {
                _read = Read(path);
                _readAt = time.GetTimestamp();
            }

            return _read;
        }
    }

    /// <summary>Reads <c>ADDRESS</c>, <c>ADDRESS:PORT</c> or <c>[ADDRESS]:PORT</c>; null when the text is none of them.</summary>
    public static IPEndPoint? Parse(string text)
    {
        // A colon is part of an IPv6 address and separates the port of an IPv4 one.
        var isAddress = IPAddress.TryParse(text, out var address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 ? !text.StartsWith('[') : address.ToString() == text);
        return isAddress ? new IPEndPoint(address!, Port)
            : IPEndPoint.TryParse(text, out var endpoint)
                && endpoint.Port > 0
                && text.StartsWith(Shown(endpoint.Address), StringComparison.OrdinalIgnoreCase)
                ? endpoint
            : null;
    }

    private static string Shown(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? "[" : $"{address}:";

    private static List<IPEndPoint> Read(string path)
    {
        try
        {
            var servers = File.ReadLines(path)
                .Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words is ["nameserver", _, ..])
                .Select(words => IPAddress.TryParse(words[1], out var address) ? new IPEndPoint(address, Port) : null)
                .OfType<IPEndPoint>()
                .Take(MaxServers)
                .ToList();
            return servers.Count > 0 ? servers : [new IPEndPoint(IPAddress.Loopback, Port)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [new IPEndPoint(IPAddress.Loopback, Port)];
        }
    }
}
