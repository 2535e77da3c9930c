using System.IO.Compression;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Ingest.V1;
using Wayleave.Sensor.Capture;
using Wayleave.Sensor.Dns;
using Wayleave.Sensor.Flows;
using Wayleave.Sensor.Nodes;
using Wayleave.Sensor.Reporting;
using Wayleave.Testing.Mapping;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>
/// The sensor of a node without its capture: what it remembers, the batches that it makes, and when it sends them again are those of the program.
/// On the way to a mapper, batches are cut off, doubled and delayed, and answers are lost. It tries the other replica where one does not
/// take a batch, as a Service would.
/// </summary>
internal sealed class ReportingSensor : IMapperClient, IAsyncDisposable
{
    private const int LateCopies = 20;

    // So that sensors try again several times in each term of a leader, and not once a minute.
    private const int Speed = 5;
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(5);

    private readonly FlowTable _flows = new();
    private readonly NameTable _names = new();
    private readonly Dictionary<Guid, Caller> _callers = [];
    private readonly Dictionary<MapperRun, BatchConnection> _connections = [];
    private readonly Queue<byte[]> _sent = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly SensorSite _site;
    private readonly Random _random;
    private readonly Task _reporting;
    private int _replica;
    private volatile bool _isDisturbed = true;

    /// <summary>Starts to report.</summary>
    /// <param name="site">Where it is.</param>
    /// <param name="random">Chooses what happens on the way.</param>
    public ReportingSensor(SensorSite site, Random random)
    {
        (_site, _random) = (site, random);
        var builder = new BatchBuilder(_flows, _names, () => new Losses(), "0.1.0", TimeProvider.System);
        var reporter = new Reporter(builder, this, MarkAllDue, _interval, new FastTimeProvider(Speed), NullLogger<Reporter>.Instance);
        _reporting = Task.Run(() => reporter.RunAsync(_stopping.Token));
    }

    /// <summary>The number of disturbed batches by kind.</summary>
    public SortedDictionary<string, int> Disturbances { get; } = new(StringComparer.Ordinal);

    /// <summary>Nothing happens to batches from now on.</summary>
    public void Calm() => _isDisturbed = false;

    /// <summary>A Pod of the node called.</summary>
    public void Call(FlowName flow, Outcome outcome, DateTimeOffset at)
    {
        var backend = flow.Backend.Length > 0 ? new Destination(Address.Parse(flow.Backend), (ushort)flow.BackendPort) : default;
        var key = new FlowKey(FindCaller(flow.Caller), new Destination(Address.Parse(flow.Called), (ushort)flow.CalledPort), backend, Source.Tcp);
        _flows.Record(key, outcome, at.ToUnixTimeMilliseconds());
    }

    /// <summary>A Pod of the node got an answer of DNS.</summary>
    public void Answer(AnswerName answer, string address, DateTimeOffset at) =>
        _names.Record(FindCaller(answer.Caller), answer.Name, [Address.Parse(address)], ttl: 600, at.ToUnixTimeMilliseconds());

    async Task<SendResult> IMapperClient.SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        var batch = Read(body);
        _site.Model.MarkSent(batch);
        var result = await SendAsync(body, cancellationToken);
        if (result is (SendResult.Accepted accepted, { } run))
        {
            _site.Model.MarkAcknowledged(batch, accepted.Ack, run);
            _sent.Enqueue(body);
            if (_sent.Count > LateCopies)
            {
                _sent.Dequeue();
            }
        }
        else if (result.Result is SendResult.Rejected rejected)
        {
            _site.Model.AddProblem($"a batch of node {_site.Node} was rejected: {rejected.Reason}");
        }

        return result.Result;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reporting;
        foreach (var connection in _connections.Values)
        {
            connection.Dispose();
        }

        _stopping.Dispose();
    }

    private async Task<(SendResult Result, MapperRun? Run)> SendAsync(byte[] body, CancellationToken cancellationToken)
    {
        switch (_isDisturbed ? _random.Next(12) : int.MaxValue)
        {
            case 0:
                Count("cut in the middle of the body");
                return (new SendResult.Failed(await SendHalfAsync(body, cancellationToken), Wait: null), null);
            case 1:
                Count("answer lost");
                await DeliverAsync(body, cancellationToken);
                return (new SendResult.Failed("the answer was lost", Wait: null), null);
            case 2:
                Count("sent twice");
                await DeliverAsync(body, cancellationToken);
                break;
            case 3 when _sent.Count > 0:
                Count("an earlier batch again");
                await DeliverAsync(_sent.ElementAt(_random.Next(_sent.Count)), cancellationToken);
                break;
        }

        return await DeliverAsync(body, cancellationToken);
    }

    // Where one replica does not take it, the other may. One that says to wait has it in its hands.
    private async Task<(SendResult Result, MapperRun? Run)> DeliverAsync(byte[] body, CancellationToken cancellationToken)
    {
        var last = await PostAsync(_site.Replicas.All[_replica], body, cancellationToken);
        if (last.Result is not SendResult.Failed { Reason: not "status 429" })
        {
            return last;
        }

        _replica = 1 - _replica;
        return await PostAsync(_site.Replicas.All[_replica], body, cancellationToken);
    }

    private async Task<(SendResult Result, MapperRun? Run)> PostAsync(MapperReplica replica, byte[] body, CancellationToken cancellationToken)
    {
        if (replica.Run is not { } run)
        {
            return (new SendResult.Failed("does not run", Wait: null), null);
        }

        try
        {
            using var response = await ConnectionTo(run).SendAsync(body, _site.Token, cancellationToken);
            return (await ReadAsync(response, cancellationToken), run);
        }
        catch (Exception error) when (IsOfNetwork(error, cancellationToken))
        {
            return (new SendResult.Failed(error.Message, Wait: null), null);
        }
    }

    private async Task<string> SendHalfAsync(byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            if (_site.Replicas.All[_replica].Run is { } run)
            {
                await ConnectionTo(run).SendHalfAsync(body, _site.Token, cancellationToken);
            }

            return "cut";
        }
        catch (Exception error) when (IsOfNetwork(error, cancellationToken))
        {
            return error.Message;
        }
    }

    private BatchConnection ConnectionTo(MapperRun run) => _connections.TryGetValue(run, out var known)
        ? known
        : _connections[run] = new BatchConnection(run.Process.Port, _site.Authority, _site.Node);

    private static bool IsOfNetwork(Exception error, CancellationToken cancellationToken) =>
        error is HttpRequestException or IOException or System.Net.Sockets.SocketException or System.Security.Authentication.AuthenticationException
        || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static async Task<SendResult> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status == 200)
        {
            return new SendResult.Accepted(Ack.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync(cancellationToken)));
        }

        return status is 400 or 413 or 426
            ? new SendResult.Rejected($"status {status}: {await response.Content.ReadAsStringAsync(cancellationToken)}")
            : new SendResult.Failed($"status {status}", response.Headers.RetryAfter?.Delta);
    }

    private static Batch Read(byte[] body)
    {
        using var packed = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        return Batch.Parser.ParseFrom(packed);
    }

    private void Count(string disturbance)
    {
        lock (Disturbances)
        {
            Disturbances[disturbance] = Disturbances.GetValueOrDefault(disturbance) + 1;
        }
    }

    private void MarkAllDue()
    {
        _flows.MarkAllDue();
        _names.MarkAllDue();
    }

    // The calls of all sensors are made by one thread.
    private Caller FindCaller(Guid pod) =>
        _callers.TryGetValue(pod, out var known) ? known : _callers[pod] = new Caller(pod, isHostNetwork: false) { FirstMs = 1, LastMs = 1 };
}

/// <summary>Where a sensor is, and what it needs to report.</summary>
/// <param name="Node">The number of its node.</param>
/// <param name="Token">Its token.</param>
/// <param name="Authority">The authority of the mappers' certificate, as PEM.</param>
/// <param name="Replicas">The mappers.</param>
/// <param name="Model">Learns what was sent and acknowledged.</param>
internal sealed record SensorSite(int Node, string Token, string Authority, MapperReplicas Replicas, CallModel Model);
