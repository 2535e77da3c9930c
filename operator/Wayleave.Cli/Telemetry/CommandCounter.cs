using System.Collections.Immutable;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Records;

namespace Wayleave.Cli.Telemetry;

/// <summary>
/// Counts one command, and sends what waits if that is due. A kill at any moment loses at most the count of this command: a batch is stored
/// with its event ids before it is sent, and kept until it is acknowledged.
/// </summary>
/// <param name="createSender">Called at most once, if a request is due.</param>
internal sealed class CommandCounter(
    ITelemetryStateFile file, TelemetrySwitch settings, Func<IBatchSender> createSender, TimeProvider time, TextWriter error)
{
    /// <summary>Throws what the file throws. The caller ignores it: telemetry has no effect on a command.</summary>
    /// <param name="commandDone">Completes with the command, and has what it used. Nothing is printed before.</param>
    /// <param name="cancellationToken">Ends the work. What is stored stays.</param>
    public async Task RunAsync(CountedCommand command, Task<UsageAmount?> commandDone, CancellationToken cancellationToken)
    {
        if (await CountRunAsync(new UsageAmount(UsageCatalog.CliCommand, 1, command), cancellationToken) is not { } counted)
        {
            return;
        }

        // The result is stored after the command: two parts of a process must not wait for each other's lock.
        var sending = counted.Batch is { } batch ? SendAsync(batch, cancellationToken) : null;
        var used = await commandDone.WaitAsync(cancellationToken);
        var shown = counted.Shown;
        if (counted.IsNoticeDue)
        {
            await ShowNoticeAsync(cancellationToken);
        }
        else if (used is { Count: > 0 })
        {
            shown = shown.AddRange(await CountAsync(used, cancellationToken));
        }

        foreach (var record in shown)
        {
            await error.WriteLineAsync(record.ToJson());
        }

        if (sending is not null)
        {
            await StoreAsync(counted.Batch!, await sending, cancellationToken);
        }
    }

    private async Task<Counted?> CountRunAsync(UsageAmount command, CancellationToken cancellationToken)
    {
        using var held = await file.TryLockAsync(cancellationToken);
        if (held is null)
        {
            return null;
        }

        var state = file.Read();
        if (state is null or { IsOff: false, NoticeShownAt: null })
        {
            return new Counted(IsNoticeDue: true, Batch: null, Shown: []);
        }

        if (state.IsOff)
        {
            return null;
        }

        var now = time.GetUtcNow();
        state = state.Count(command);
        var isDue = settings.Endpoint is not null && state.IsRequestDue(now);
        var isNew = isDue && state.Ledger.InFlight is null;
        state = isDue ? state.StartRequest(now) : state;
        file.Write(state, isDurable: isDue);
        var batch = isDue ? state.Ledger.InFlight : null;
        return new Counted(IsNoticeDue: false, batch, Shown(state, isNew ? batch : null, command, now));
    }

    // After the command, so with the batch of a later request: that of this one is on its way.
    private async Task<ImmutableArray<UsageRecord>> CountAsync(UsageAmount used, CancellationToken cancellationToken)
    {
        using var held = await file.TryLockAsync(cancellationToken);
        if (held is null || file.Read() is not { IsOff: false } state)
        {
            return [];
        }

        file.Write(state.Count(used));
        return settings is { Settings.Debug: true, Endpoint: null } ? state.RecordsOf(used, time.GetUtcNow()) : [];
    }

    // As the operator: a record is shown when it is made, or without an endpoint in the form in which it would be sent.
    private ImmutableArray<UsageRecord> Shown(TelemetryState state, LedgerBatch? created, UsageAmount command, DateTimeOffset now) =>
        !settings.Settings.Debug ? []
        : settings.Endpoint is null ? state.RecordsOf(command, now)
        : created?.Records ?? [];

    private async Task<SendResult> SendAsync(LedgerBatch batch, CancellationToken cancellationToken)
    {
        var sender = createSender();
        await using var owned = sender as IAsyncDisposable;
        return await sender.SendAsync(batch, cancellationToken);
    }

    private async Task StoreAsync(LedgerBatch batch, SendResult result, CancellationToken cancellationToken)
    {
        using var held = await file.TryLockAsync(cancellationToken);
        if (held is not null && file.Read() is { IsOff: false } state)
        {
            file.Write(state.EndRequest(batch, result, time.GetUtcNow()));
        }
    }

    // Written before, so that a folder that cannot be written does not show the notice each time; and written after, so that a kill in
    // between shows it twice, and does not count without it.
    private async Task ShowNoticeAsync(CancellationToken cancellationToken)
    {
        using var held = await file.TryLockAsync(cancellationToken);
        var state = held is null ? null : file.Read() ?? TelemetryState.Create();
        if (state is { IsOff: false, NoticeShownAt: null })
        {
            file.Write(state);
            await error.WriteAsync(TelemetryNoticeText.Create(settings));
            file.Write(state with { NoticeShownAt = time.GetUtcNow() });
        }
    }

    /// <param name="IsNoticeDue">Nothing was counted, because the notice comes first.</param>
    /// <param name="Batch">To send now; null for none.</param>
    /// <param name="Shown">Records to print.</param>
    private sealed record Counted(bool IsNoticeDue, LedgerBatch? Batch, ImmutableArray<UsageRecord> Shown);
}

/// <summary>The notice at the first command on a terminal.</summary>
internal static class TelemetryNoticeText
{
    /// <summary>Creates the notice: three lines that say what is counted, where it goes and how to turn it off.</summary>
    public static string Create(TelemetrySwitch settings)
    {
        var destination = settings.Endpoint is { } endpoint
            ? $"The counts are sent to {endpoint}, at most once a day"
            : "The counts stay on this machine unless WAYLEAVE_TELEMETRY_ENDPOINT or OTEL_EXPORTER_OTLP_ENDPOINT is set";
        return
            "From the next command on, wayleave counts which of its commands you run, with the names of options, and how many calls of the"
            + " network map you export or draw. Nothing else is counted.\n"
            + $"{destination}. To see what waits: wayleave telemetry show\n"
            + "To turn it off: wayleave telemetry off, or WAYLEAVE_TELEMETRY_ENABLED=false, or DO_NOT_TRACK=1\n";
    }
}
