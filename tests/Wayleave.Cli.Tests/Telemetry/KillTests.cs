using System.Globalization;
using Wayleave.Cli.Telemetry;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Statistics;
using Wayleave.Testing.Otlp;
using Wayleave.Testing.Time;

namespace Wayleave.Cli.Tests.Telemetry;

/// <summary>
/// kill -9 at every moment of a send. A process affects the world only through its state file and its request, and a replaced file is
/// old or new, never in between. So a kill is simulated before and after each use of the two: from there on the process does nothing
/// more, and its lock is released, as the system does. Every such moment is tried, which random kills of a real process would not do.
/// </summary>
public sealed class KillTests : IAsyncLifetime, IDisposable
{
    private const int Exported = 7;

    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    private readonly CountedCommand _command = CountedCommand.CreateOrNull("intents", "list", ["output"])!;
    private readonly ManualTimeProvider _time = new();
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("wayleave-kill-");
    private OtlpCollector _collector = null!;

    public async Task InitializeAsync() => _collector = await OtlpCollector.StartAsync();

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    public void Dispose() => _root.Delete(recursive: true);

    [Theory]
    [InlineData("a first send")]
    [InlineData("a send after one that failed")]
    [InlineData("a send after one whose answer was lost")]
    public async Task Counts_once_when_killed_at_any_moment_of(string send)
    {
        var moments = 0;
        for (var isKilled = true; isKilled; moments++)
        {
            isKilled = await CheckAsync(send, moments);
        }

        moments.ShouldBeGreaterThan(12);
    }

    // Returns whether there was such a moment.
    private async Task<bool> CheckAsync(string send, int moment)
    {
        var file = new TelemetryStateFile(Path.Combine(_root.FullName, $"{send} {moment.ToString(CultureInfo.InvariantCulture)}"), _time);
        var before = _collector.Requests.Count;
        await RunAsync(file, null); // Shows the notice.
        if (send != "a first send")
        {
            _collector.AnswerNext(send.EndsWith("failed", StringComparison.Ordinal) ? OtlpAnswer.Status(503) : OtlpAnswer.AcceptAndClose);
            await RunAsync(file, null);
            await RunAsync(file, null);
            _time.Advance(_day);
        }

        var killed = new Kill(moment);
        await RunAsync(file, killed);
        for (var days = 0; days < 4; days++)
        {
            _time.Advance(_day);
            await RunAsync(file, null);
        }

        var expected = (send == "a first send" ? 0 : 2) + (killed.HasCounted ? 1 : 0) + 4;
        var requests = _collector.Requests.Skip(before).ToList();
        var records = requests.Where(request => request.IsAccepted).SelectMany(request => request.Records)
            .DistinctBy(record => record.EventId).ToLookup(record => (string?)record.Attributes["event.type"]);
        records["CLI_COMMAND"].Sum(record => record.Count).ShouldBe(expected - (int)file.Read()!.Waiting, $"{send}, moment {moment}");
        records["MAPPER_EXPORT"].Sum(record => record.Count).ShouldBe(killed.HasCountedUsage ? Exported : 0, $"{send}, moment {moment}");
        file.Read()!.Waiting.ShouldBeLessThanOrEqualTo(1);
        return killed.IsDead;
    }

    private async Task RunAsync(TelemetryStateFile file, Kill? kill)
    {
        var settings = TelemetrySettings.Default with { Endpoint = _collector.Endpoint };
        var credentials = new ExporterCredentialLoader(null, null, null, CollectorHeaders.None);
        var counter = new CommandCounter(
            kill is null ? file : new MortalFile(file, kill),
            new TelemetrySwitch(settings, null),
            () => new MortalSender(
                new OtlpBatchSender(
                    "wayleave-cli", _collector.Endpoint, credentials, settings.ExportTimeout, new TelemetryStatistics(), _time),
                kill),
            _time,
            TextWriter.Null);
        try
        {
            // Only the process that can be killed exports something.
            var used = kill is null ? null : new UsageAmount(UsageCatalog.MapperExport, Exported);
            await counter.RunAsync(_command, Task.FromResult(used), CancellationToken.None);
        }
        catch (KilledException)
        {
            // The process is dead.
        }
    }

    private sealed class KilledException : Exception;

    private sealed class Kill(int moment)
    {
        private int _moments;

        public bool IsDead { get; private set; }

        /// <summary>Whether the command of the killed process was in the file.</summary>
        public bool HasCounted { get; set; }

        /// <summary>Whether what it exported was in the file.</summary>
        public bool HasCountedUsage { get; set; }

        public void Pass()
        {
            IsDead |= _moments++ == moment;
            if (IsDead)
            {
                throw new KilledException();
            }
        }
    }

    private sealed class MortalFile(TelemetryStateFile file, Kill kill) : ITelemetryStateFile
    {
        public async Task<IDisposable?> TryLockAsync(CancellationToken cancellationToken)
        {
            kill.Pass();
            var held = await file.TryLockAsync(cancellationToken);
            try
            {
                kill.Pass();
                return held;
            }
            catch (KilledException)
            {
                held?.Dispose();
                throw;
            }
        }

        public TelemetryState? Read()
        {
            kill.Pass();
            var state = file.Read();
            kill.Pass();
            return state;
        }

        public void Write(TelemetryState state, bool isDurable = false)
        {
            kill.Pass();
            File.WriteAllText(file.FullName + ".tmp", "{"); // As of a process that is killed while it writes the draft.
            kill.Pass();
            file.Write(state, isDurable);
            kill.HasCounted = true;
            kill.HasCountedUsage |= state.WaitingRecords(DateTimeOffset.UnixEpoch).Any(record => record.Event == UsageCatalog.MapperExport);
            kill.Pass();
        }
    }

    private sealed class MortalSender(OtlpBatchSender sender, Kill? kill) : IBatchSender, IAsyncDisposable
    {
        public Task<bool> HaveCredentialsChangedAsync(CancellationToken cancellationToken) =>
            sender.HaveCredentialsChangedAsync(cancellationToken);

        public async Task<SendResult> SendAsync(LedgerBatch batch, CancellationToken cancellationToken)
        {
            kill?.Pass();
            var result = await sender.SendAsync(batch, cancellationToken);
            kill?.Pass();
            return result;
        }

        public ValueTask DisposeAsync() => sender.DisposeAsync();
    }
}
