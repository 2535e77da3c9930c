using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Records;

namespace Wayleave.Cli.Telemetry;

/// <summary>What the state file holds: the person's choice, and the counts that wait. Immutable, and of bounded size.</summary>
internal sealed record TelemetryState
{
    public const string Acknowledged = "acknowledged";

    private static readonly TimeSpan _requestInterval = TimeSpan.FromDays(1);

    /// <summary>Whether <c>telemetry off</c> was the last choice.</summary>
    public bool IsOff { get; init; }

    /// <summary>Null until the notice was shown. Nothing is counted before.</summary>
    public DateTimeOffset? NoticeShownAt { get; init; }

    /// <summary>When the last request was about to be sent; null before the first.</summary>
    public DateTimeOffset? LastRequestAt { get; init; }

    /// <summary><see cref="Acknowledged"/>, or why the last request failed; null if the program ended before the answer.</summary>
    public string? LastResult { get; init; }

    /// <summary>With random ids: the cluster's is not read.</summary>
    public required Ledger Ledger { get; init; }

    /// <summary>Commands that wait, counted with their repetitions.</summary>
    public long Waiting => Ledger.Pending.Counts.InOrder()
            .Where(entry => entry.Key.Event == UsageCatalog.CliCommand)
            .Sum(entry => entry.Value)
        + (Ledger.InFlight?.Records.Where(record => record.Event == UsageCatalog.CliCommand)
            .Sum(record => (long)record[UsageAttributeCatalog.Count]!.Raw) ?? 0);

    private TelemetryResource Resource => new(Ledger.FallbackContext!, Ledger.InstanceId, CliVersion.Semantic);

    public static TelemetryState Create() => new() { Ledger = WithContext(Ledger.Create()) };

    /// <summary>A ledger whose context id was lost gets another.</summary>
    public static Ledger WithContext(Ledger ledger) =>
        ledger with { FallbackContext = ledger.FallbackContext ?? ContextId.CreateRandom() };

    public TelemetryState Count(UsageAmount used) => this with { Ledger = Ledger.Count(DeltaOf(used)) };

    /// <summary>
    /// Whether a day has passed since the last request. A request that is more than a day ahead was made by a clock that was wrong, and
    /// does not count.
    /// </summary>
    public bool IsRequestDue(DateTimeOffset now) => LastRequestAt is not { } last || (now - last).Duration() >= _requestInterval;

    /// <summary>
    /// Freezes what waits into a batch, unless one is in flight from an earlier request: that one is sent again, with the same event ids.
    /// </summary>
    public TelemetryState StartRequest(DateTimeOffset now) => this with
    {
        LastRequestAt = now,
        LastResult = null,
        Ledger = Ledger.InFlight is null ? Ledger.CreateBatch(Resource, now) : Ledger,
    };

    public TelemetryState EndRequest(LedgerBatch batch, SendResult result, DateTimeOffset now)
    {
        var ended = this with { LastResult = result.IsAcknowledged ? Acknowledged : result.Reason };
        return result.IsAcknowledged && batch.IsSameAs(Ledger.InFlight)
            ? ended with { Ledger = Ledger.Acknowledge(now) with { Acknowledged = null } }
            : ended;
    }

    /// <summary>Deletes the counts and the ids.</summary>
    public TelemetryState TurnOff() => this with { IsOff = true, Ledger = Create().Ledger };

    /// <summary>
    /// All records that wait: first those of the batch in flight, as they were sent and will be sent again; then one for each other
    /// command, which gets its final event id and time with its batch.
    /// </summary>
    public ImmutableArray<UsageRecord> WaitingRecords(DateTimeOffset now) =>
        [.. Ledger.InFlight?.Records ?? [], .. RecordBuilder.Build(Ledger.Pending, Ledger.Totals, Resource, now)];

    /// <summary>The record of what was used, as it would be sent.</summary>
    public ImmutableArray<UsageRecord> RecordsOf(UsageAmount used, DateTimeOffset now) =>
        RecordBuilder.Build(PendingUsage.None with { Counts = DeltaOf(used).Counts }, Ledger.Totals, Resource, now);

    private static UsageDelta DeltaOf(UsageAmount used) =>
        UsageDelta.None with { Counts = UsageCountMap.None.Add(new UsageKey(used.Event, Command: used.Command), used.Count) };
}
