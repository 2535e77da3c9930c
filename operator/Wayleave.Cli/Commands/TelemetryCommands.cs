using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using Wayleave.Cli.Output;
using Wayleave.Cli.Reports;
using Wayleave.Cli.Telemetry;

namespace Wayleave.Cli.Commands;

/// <summary><c>telemetry status</c>, <c>show</c>, <c>on</c> and <c>off</c>. None of them is counted.</summary>
internal static class TelemetryCommands
{
    private const string ChosenOff = "wayleave telemetry off";

    public static Command Status(CommonOptions options)
    {
        var output = CommonOptions.OutputOfReport();
        return options.CreateCommand("status", "Shows whether telemetry is on, where it is sent, and the last request.", [output], (run, _) =>
        {
            var (settings, state, offBy) = Read(run);
            var report = new TelemetryReport(Enabled: offBy is null)
            {
                OffBy = offBy,
                Endpoint = settings.Endpoint,
                StateFile = run.Environment.StateDirectory is null ? null : FileOf(run).FullName,
                Waiting = state?.Waiting ?? 0,
                LastRequestAt = state?.LastRequestAt,
                LastResult = state?.LastResult,
            };
            foreach (var problem in settings.Settings.Problems)
            {
                run.Error.WriteLine($"Note: {problem}.");
            }

            run.Print(report, ReportJson.Default.TelemetryReport, run.Get(output)!, () => Print(run, report, state));
            return Task.FromResult(ExitCodes.Success);
        });
    }

    public static Command Show(CommonOptions options)
    {
        var output = CommonOptions.Output(OutputFormat.Lines, OutputFormat.Json, OutputFormat.Yaml);
        return options.CreateCommand("show", "Prints the records that wait to be sent, as they would be sent now.", [output], (run, _) =>
        {
            var (_, state, offBy) = Read(run);
            var records = state?.WaitingRecords(run.Now) ?? [];
            if (run.Get(output) is OutputFormat.Lines)
            {
                foreach (var record in records)
                {
                    run.Output.WriteLine(record.ToJson());
                }
            }
            else
            {
                var list = new JsonArray([.. records.Select(record => JsonNode.Parse(record.ToJson()))]);
                run.Output.Write(ObjectPrinter.Format(list, run.Get(output)!));
            }

            if (records.IsEmpty)
            {
                run.Error.WriteLine(offBy is null ? "No records wait." : $"No records wait: telemetry is off ({TerminalText.Clean(offBy)}).");
            }

            return Task.FromResult(ExitCodes.Success);
        });
    }

    public static Command On(CommonOptions options) => options.CreateCommand(
        "on", "Turns telemetry on again, and replaces a state file that cannot be read.", [], async (run, token) =>
        {
            await ChangeAsync(run, state => state with { IsOff = false }, token);
            var offBy = Switch(run).OffBy;
            run.Output.WriteLine(offBy is null ? "Telemetry is on." : $"Telemetry is on, but off in this run ({offBy}).");
            return ExitCodes.Success;
        });

    public static Command Off(CommonOptions options) => options.CreateCommand(
        "off", "Turns telemetry off, and deletes the stored counts and IDs.", [], async (run, token) =>
        {
            await ChangeAsync(run, state => state.TurnOff(), token);
            run.Output.WriteLine("Telemetry is off.");
            return ExitCodes.Success;
        });

    private static TelemetrySwitch Switch(CommandRun run) =>
        TelemetrySwitch.Read(run.Environment, run.Get(run.Options.TelemetryEnabled));

    private static TelemetryStateFile FileOf(CommandRun run) => run.Environment.StateDirectory is { } directory
        ? new TelemetryStateFile(directory, run.Environment.Time)
        : throw new CliException(
            "there is no folder for the state of telemetry, so it stays off; set XDG_STATE_HOME or HOME to an absolute path");

    // What cannot be read turns telemetry off, because it may have been the person's choice.
    private static (TelemetrySwitch Settings, TelemetryState? State, string? OffBy) Read(CommandRun run)
    {
        var settings = Switch(run);
        if (run.Environment.StateDirectory is null)
        {
            return (settings, null, settings.OffBy);
        }

        try
        {
            var state = FileOf(run).Read();
            return (settings, state, settings.OffBy ?? (state is { IsOff: true } ? ChosenOff : null));
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            var offBy = $"the state file cannot be read: {error.Message}; wayleave telemetry on replaces it";
            return (settings, null, settings.OffBy ?? offBy);
        }
    }

    private static async Task ChangeAsync(CommandRun run, Func<TelemetryState, TelemetryState> change, CancellationToken cancellationToken)
    {
        var file = FileOf(run);
        try
        {
            using var held = await file.TryLockAsync(cancellationToken)
                ?? throw new CliException($"{file.FullName}: another wayleave process has it locked; try again");
            file.Write(change(ReadOrCreate(file)), isDurable: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException(
                $"{file.FullName}: the choice cannot be stored ({error.Message}); "
                + "set WAYLEAVE_TELEMETRY_ENABLED=false to turn telemetry off");
        }
    }

    private static TelemetryState ReadOrCreate(TelemetryStateFile file)
    {
        try
        {
            return file.Read() ?? TelemetryState.Create();
        }
        catch (InvalidDataException)
        {
            return TelemetryState.Create();
        }
    }

    private static void Print(CommandRun run, TelemetryReport report, TelemetryState? state)
    {
        var notice = state?.NoticeShownAt is null ? "; counts begin after the notice at the first command" : "";
        run.Output.WriteLine($"Telemetry:    {(report.Enabled ? $"on{notice}" : $"off ({TerminalText.Clean(report.OffBy)})")}");
        run.Output.WriteLine($"Endpoint:     {report.Endpoint ?? "none; nothing is sent"}");
        run.Output.WriteLine($"State file:   {TerminalText.Clean(report.StateFile ?? "none")}");
        run.Output.WriteLine($"Waiting:      {report.Waiting} {(report.Waiting == 1 ? "command" : "commands")}");
        run.Output.WriteLine(report.LastRequestAt is { UtcDateTime: var at }
            ? string.Create(CultureInfo.InvariantCulture, $"Last request: {at:u}, {TerminalText.Clean(report.LastResult ?? "no response")}")
            : "Last request: never");
    }
}
