using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Wayleave.Testing.Dns;

/// <summary>
/// A nameserver on a free port of a loopback address, over UDP and TCP. It answers with the records that a test sets, follows a CNAME as a
/// resolver does, and truncates an answer that is too large for a datagram.
/// </summary>
public sealed class DnsServer : IAsyncDisposable
{
    private const int LargestDatagram = 1232;
    private const int MaxTries = 20;

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, IReadOnlyList<DnsRecord>> _records = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<DnsQuery> _queries = new();
    private readonly Socket _datagrams;
    private readonly TcpListener _connections;
    private readonly Task _serving;

    private DnsServer(Socket datagrams, TcpListener connections)
    {
        _datagrams = datagrams;
        _connections = connections;
        Endpoint = (IPEndPoint)datagrams.LocalEndPoint!;
        Answer = (query, _) => Task.FromResult<DnsReply?>(FromRecords(query));
        _serving = Task.WhenAll(ServeDatagramsAsync(), ServeConnectionsAsync());
    }

    /// <summary>The endpoint that it listens on.</summary>
    public IPEndPoint Endpoint { get; }

    /// <summary>The queries that it received, in order.</summary>
    public IReadOnlyList<DnsQuery> Queries => [.. _queries];

    /// <summary>Answers a query; null sends no answer. Answers from the records by default.</summary>
    public Func<DnsQuery, CancellationToken, Task<DnsReply?>> Answer { get; set; }

    public static DnsServer Start()
    {
        for (var tries = 1; ; tries++)
        {
            var datagrams = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
            datagrams.Bind(new IPEndPoint(IPAddress.Loopback, 0));
            var connections = new TcpListener((IPEndPoint)datagrams.LocalEndPoint!);
            try
            {
                connections.Start();
                return new DnsServer(datagrams, connections);
            }
            catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse && tries < MaxTries)
            {
                // The port is in use for TCP.
                datagrams.Dispose();
                connections.Dispose();
            }
        }
    }

    /// <summary>Replaces the addresses of a name.</summary>
    public void Set(string name, params IEnumerable<string> addresses) =>
        Set(name, addresses.Select(address => DnsRecord.Address(name, address)).ToArray());

    /// <summary>Replaces the records of a name.</summary>
    public void Set(string name, params DnsRecord[] records) => _records[name] = records;

    /// <summary>Answers a query from the records.</summary>
    public DnsReply FromRecords(DnsQuery query)
    {
        ArgumentNullException.ThrowIfNull(query);
        var answers = new List<DnsRecord>();
        var name = query.Name;
        while (_records.TryGetValue(name, out var records))
        {
            answers.AddRange(records.Where(record => record.Type == query.Type));
            if (records.FirstOrDefault(record => record.Type == DnsRecord.Alias) is not { } alias)
            {
                return new DnsReply(answers);
            }

            answers.Add(alias);
            name = alias.Target;
        }

        return new DnsReply(answers) { Code = DnsReply.NoSuchName };
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _datagrams.Dispose();
        _connections.Dispose();
        await _serving;
        _stopping.Dispose();
    }

    private async Task ServeDatagramsAsync()
    {
        var buffer = new byte[4096];
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                var received = await _datagrams.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stopping.Token);
                _ = AnswerDatagramAsync(buffer[..received.ReceivedBytes], received.RemoteEndPoint);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task AnswerDatagramAsync(byte[] request, EndPoint from)
    {
        try
        {
            var answer = await AnswerAsync(request, LargestDatagram, isDatagram: true);
            if (answer is not null)
            {
                await _datagrams.SendToAsync(answer, from, _stopping.Token);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeConnectionsAsync()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                _ = ServeConnectionAsync(await _connections.AcceptTcpClientAsync(_stopping.Token));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeConnectionAsync(TcpClient connection)
    {
        using var _ = connection;
        try
        {
            var stream = connection.GetStream();
            var length = new byte[2];
            while (await stream.ReadAtLeastAsync(length, 2, throwOnEndOfStream: false, _stopping.Token) == 2)
            {
                var request = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
                await stream.ReadExactlyAsync(request, _stopping.Token);
                if (await AnswerAsync(request, ushort.MaxValue, isDatagram: false) is { } answer)
                {
                    BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)answer.Length);
                    await stream.WriteAsync(length.Concat(answer).ToArray(), _stopping.Token);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Stopped, or the client has disconnected.
        }
    }

    private async Task<byte[]?> AnswerAsync(byte[] request, int largest, bool isDatagram)
    {
        var query = DnsMessage.Read(request) with { IsDatagram = isDatagram };
        _queries.Enqueue(query);
        if (await Answer(query, _stopping.Token) is not { } reply)
        {
            return null;
        }

        var answer = DnsMessage.Write(request, reply, isTruncated: false);
        return answer.Length <= largest
            ? answer
            : DnsMessage.Write(request, reply with { Answers = [], Authorities = [] }, isTruncated: true);
    }
}
