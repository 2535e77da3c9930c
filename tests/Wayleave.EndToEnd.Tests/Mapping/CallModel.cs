using System.Net;
using Google.Protobuf;
using Wayleave.Api;
using Wayleave.Ingest.V1;

namespace Wayleave.EndToEnd.Tests.Mapping;

/// <summary>A flow as a batch names it.</summary>
internal readonly record struct FlowName(Guid Caller, string Called, uint CalledPort, string Backend, uint BackendPort);

/// <summary>An answer of DNS as a batch names it.</summary>
internal readonly record struct AnswerName(Guid Caller, string Name);

/// <summary>A call between workloads: what has to be stored of it.</summary>
/// <param name="Port">The port of the target. 0 for an answer of DNS.</param>
internal readonly record struct CallName(string Client, string Target, int Port);

/// <summary>
/// What the sensors reported, and to whom: what was said must be stored if it was acknowledged, and nothing else. It knows the workloads from
/// the shop, which made the calls, and resolves nothing by itself. Thread-safe.
/// </summary>
internal sealed class CallModel
{
    private readonly Lock _lock = new();
    private readonly Dictionary<FlowName, (CallName Call, ShopPod[] Pods)> _flows = [];
    private readonly Dictionary<AnswerName, (CallName Call, ShopPod[] Pods)> _answers = [];
    private readonly Dictionary<(CallName Call, Guid Caller, Guid Target), Report> _reports = [];
    private readonly Dictionary<ByteString, MapperRun> _terms = [];
    private readonly List<string> _problems = [];
    private ByteString _term = ByteString.Empty;

    /// <summary>The process that acknowledged last.</summary>
    public MapperRun? Leader => Locked(() => _terms.GetValueOrDefault(_term));

    /// <summary>How many maps took batches.</summary>
    public int Terms => Locked(() => _terms.Count);

    /// <summary>Calls of a client to a target, which were made.</summary>
    public int Count => Locked(() => _reports.Count);

    /// <summary>What must not happen, and did.</summary>
    public IReadOnlyList<string> Problems => Locked(() => _problems.ToList());

    /// <summary>Whether everything that was called is acknowledged.</summary>
    public bool IsAcknowledged => Locked(() => _reports.Values.All(report => report.Terms.Count > 0));

    /// <summary>Whether the map that took the last batch has been told everything that is acknowledged.</summary>
    public bool IsRepeated => Locked(() => _reports.Values.All(report => report.Terms.Count == 0 || report.Terms.Contains(_term)));

    /// <summary>A client calls a target, by a flow that no other call has.</summary>
    public void Add(FlowName flow, CallName call, params ShopPod[] pods)
    {
        lock (_lock)
        {
            _flows[flow] = (call, pods);
            FindReport(call, pods);
        }
    }

    /// <summary>DNS answers a client.</summary>
    public void Add(AnswerName answer, CallName call, params ShopPod[] pods)
    {
        lock (_lock)
        {
            _answers[answer] = (call, pods);
            FindReport(call, pods);
        }
    }

    /// <summary>A batch is on its way: from now on its calls may be stored.</summary>
    public void MarkSent(Batch batch) => ForEach(batch, (report, first, last, rank) => report.MarkSent(first, last, rank));

    /// <summary>A sensor got an acknowledgement: from now on the calls of its batch have to be stored.</summary>
    public void MarkAcknowledged(Batch batch, Ack ack, MapperRun run)
    {
        ForEach(batch, (report, first, last, rank) => report.MarkAcknowledged(first, last, rank, ack.Term));
        lock (_lock)
        {
            _terms[ack.Term] = run;
            _term = ack.Term;
        }
    }

    public void AddProblem(string problem)
    {
        lock (_lock)
        {
            _problems.Add(problem);
        }
    }

    /// <summary>What is stored and must not be, and what is not and must.</summary>
    public IReadOnlyList<string> Compare(StoredMap stored, IReadOnlySet<CallName> everStored)
    {
        lock (_lock)
        {
            var calls = _reports.GroupBy(report => report.Key.Call, report => report.Value).ToDictionary(call => call.Key, call => call.ToList());
            return
            [
                .. stored.Duplicates.Select(call => $"{call} is stored twice"),
                .. stored.Calls.Where(call => !IsMade(calls, call.Key)).Select(call => $"{call.Key} is stored, and no batch says so"),
                .. everStored.Where(call => !stored.Has(call)).Select(call => $"{call} was stored, and no longer is"),
                .. calls.SelectMany(call => Compare(call.Key, call.Value, stored)),
                .. calls.GroupBy(call => (call.Key.Client, call.Key.Target), call => call.Value).SelectMany(
                    target => CompareTimes(target.Key.Client, target.Key.Target, [.. target.SelectMany(reports => reports)], stored)),
            ];
        }
    }

    private static bool IsMade(Dictionary<CallName, List<Report>> calls, CallName call) =>
        calls.TryGetValue(call, out var reports) && reports.Exists(report => report.IsSent);

    private IEnumerable<string> Compare(CallName call, List<Report> reports, StoredMap stored)
    {
        var required = reports.Where(IsRequired).ToList();
        if (!stored.Has(call))
        {
            return required.Count == 0 ? [] : [$"{call} is acknowledged and not stored"];
        }

        // Of a domain with a port, only the port has an outcome.
        if (call.Port == 0 || !stored.Calls.TryGetValue(call, out var found))
        {
            return [];
        }

        var (least, most) = (required.Select(report => report.AcknowledgedRank).DefaultIfEmpty().Max(), reports.Max(report => report.SentRank));
        return found.Rank >= least && found.Rank <= most ? [] : [$"{call} is stored as {ObservedRanks.NameOf(found.Rank)}, and is {ObservedRanks.NameOf(least)} to {ObservedRanks.NameOf(most)}"];
    }

    // The times of an object are those of all ports of the target.
    private IEnumerable<string> CompareTimes(string client, string target, List<Report> reports, StoredMap stored)
    {
        var required = reports.Where(IsRequired).ToList();
        if (!stored.Times.TryGetValue((client, target), out var times) || !reports.Exists(report => report.IsSent))
        {
            return [];
        }

        var sent = reports.Where(report => report.IsSent).ToList();
        var (earliest, latest) = (sent.Min(report => report.First), sent.Max(report => report.Last));
        var first = required.Select(report => report.AcknowledgedFirst).DefaultIfEmpty(latest).Min();
        var last = required.Select(report => report.AcknowledgedLast).DefaultIfEmpty(earliest).Max();
        return times.First >= Floor(earliest, TimeSpan.TicksPerSecond) && times.First <= first
            && times.Last >= Floor(last, TimeSpan.TicksPerHour) && times.Last <= latest
                ? []
                : [$"{client} to {target} is stored from {times.First:HH:mm:ss} to {times.Last:HH:mm:ss}, and was seen from {earliest:HH:mm:ss.fff} or {first:HH:mm:ss.fff} to {last:HH:mm:ss.fff} or {latest:HH:mm:ss.fff}"];
    }

    // A mapper that did not run while a Pod existed cannot know whose calls these were. One that did has to.
    private bool IsRequired(Report report) => report.Pods.All(pod => pod.DeletedAt is null)
        ? report.Terms.Count > 0
        : report.Terms.Contains(_term) && _terms[_term] is { SyncedAt: { } synced } run
            && report.Pods.All(pod => pod.DeletedAt is not { } deleted || (pod.CreatedAt < run.StartedAt && synced < deleted));

    private void ForEach(Batch batch, Action<Report, DateTimeOffset, DateTimeOffset, int> use)
    {
        var callers = batch.Endpoints.ToDictionary(endpoint => endpoint.Id, endpoint => new Guid(endpoint.PodUid.Span, bigEndian: true));
        lock (_lock)
        {
            foreach (var flow in batch.Flows)
            {
                var name = new FlowName(
                    callers[flow.Client], TextOf(flow.CalledAddress), flow.CalledPort, TextOf(flow.BackendAddress), flow.BackendPort);
                var rank = ObservedRanks.RankOf(flow.Connected > 0 ? ObservedOutcomes.Connected : flow.Refused > 0 ? ObservedOutcomes.Refused : ObservedOutcomes.Unanswered);
                use(FindReport(_flows[name].Call, _flows[name].Pods), TimeOf(flow.FirstMs), TimeOf(flow.LastMs), rank);
            }

            foreach (var answer in batch.Answers)
            {
                var (call, pods) = _answers[new AnswerName(callers[answer.Client], answer.Name)];
                use(FindReport(call, pods), TimeOf(answer.LastMs), TimeOf(answer.LastMs), 0);
            }
        }
    }

    private Report FindReport(CallName call, ShopPod[] pods)
    {
        var key = (call, pods[0].Uid, pods[^1].Uid);
        return _reports.TryGetValue(key, out var known) ? known : _reports[key] = new Report(pods);
    }

    private static string TextOf(ByteString address) => address.IsEmpty ? "" : new IPAddress(address.Span).ToString();

    private static DateTimeOffset TimeOf(ulong milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);

    private static DateTimeOffset Floor(DateTimeOffset time, long ticks) => time.AddTicks(-(time.Ticks % ticks));

    private T Locked<T>(Func<T> read)
    {
        lock (_lock)
        {
            return read();
        }
    }

    /// <summary>What was reported of the calls of one Pod to another.</summary>
    private sealed class Report(ShopPod[] pods)
    {
        public ShopPod[] Pods { get; } = pods;

        public bool IsSent { get; private set; }

        public DateTimeOffset First { get; private set; } = DateTimeOffset.MaxValue;

        public DateTimeOffset Last { get; private set; } = DateTimeOffset.MinValue;

        public int SentRank { get; private set; }

        /// <summary>The maps that acknowledged it.</summary>
        public HashSet<ByteString> Terms { get; } = [];

        // What was acknowledged before may have been lost with its mapper, and the sensor reports again the last outcome only.
        public DateTimeOffset AcknowledgedFirst { get; private set; }

        public DateTimeOffset AcknowledgedLast { get; private set; }

        public int AcknowledgedRank { get; private set; }

        public void MarkSent(DateTimeOffset first, DateTimeOffset last, int rank)
        {
            IsSent = true;
            (First, Last) = (first < First ? first : First, last > Last ? last : Last);
            SentRank = Math.Max(SentRank, rank);
        }

        public void MarkAcknowledged(DateTimeOffset first, DateTimeOffset last, int rank, ByteString term)
        {
            (AcknowledgedFirst, AcknowledgedLast, AcknowledgedRank) = (first, last, rank);
            Terms.Add(term);
        }
    }
}

/// <summary>Outcomes, the worst first.</summary>
internal static class ObservedRanks
{
    private static readonly string[] _names =
        [ObservedOutcomes.Resolved, ObservedOutcomes.Unanswered, ObservedOutcomes.Refused, ObservedOutcomes.Connected];

    public static int RankOf(string outcome) => Array.IndexOf(_names, outcome);

    public static string NameOf(int rank) => _names[rank];
}
