using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Publishing;
using Wayleave.EventStore.Storage;

// Writer FOLDER EVENTS_PER_SECOND MAX_BYTES SECONDS: publishes numbered events, until it is killed or for so long.
// It prints the number and the time in milliseconds of each event that was published, and how many of them are stored. With 0 events a
// second it publishes without a pause.
// At the end it prints what an event cost to stderr.
var (folder, rate) = (args[0], int.Parse(args[1], CultureInfo.InvariantCulture));
var (maxBytes, seconds) = (long.Parse(args[2], CultureInfo.InvariantCulture), int.Parse(args[3], CultureInfo.InvariantCulture));
var stream = new EventStream("writer", "operator", TimeProvider.System);
using var store = new SqliteEventStore(
    new EventStoreSettings(folder, EventStoreSettings.DefaultAuditRetention, EventStoreSettings.DefaultDiagnosticRetention, maxBytes),
    TimeProvider.System, NullLogger<SqliteEventStore>.Instance);
var pump = new EventPump(stream, store, TimeProvider.System, NullLogger<EventPump>.Instance);
using var stop = new CancellationTokenSource();
var running = pump.RunAsync(stop.Token);

// The first events open the files, which takes longer.
stream.Publish(new LeadershipGained(), []);
stream.Publish(new CachesSynced(0), []);
const int Warmup = 2;
while (store.Stored < Warmup)
{
    await Task.Delay(1);
}

await using var output = new StreamWriter(Console.OpenStandardOutput());
output.AutoFlush = false;
var clock = Stopwatch.StartNew();
var number = 0;
for (; clock.Elapsed.TotalSeconds < seconds; number++)
{
    while (rate == 0 ? stream.Reader.Count > EventStream.Capacity / 2 : number >= clock.Elapsed.TotalSeconds * rate)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"stored {store.Stored - Warmup}"));
        await output.FlushAsync();
        await Task.Delay(1);
    }

    var milliseconds = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    EventSubject[] subjects = [new("ClientIntents", "shop", $"workload-{number % 500}"), new("NetworkPolicy", "shop", $"wayleave-{number % 500}")];
    if (number % 2 == 0)
    {
        stream.Publish(new StatusWritten(number, "True", "Applied"), subjects);
    }
    else
    {
        stream.Publish(
            new PolicyUpdated("shop", $"wayleave-{number % 500}", null, ["+ egress to 203.0.113.0/24 port 443/TCP"], number), subjects,
            parentRun: number % 3 == 0 ? ActivityTraceId.CreateRandom().ToHexString() : null);
    }

    output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number} {milliseconds}"));
}

await output.FlushAsync();
await stop.CancelAsync();
await running;
var used = Environment.CpuUsage.TotalTime;
await Console.Error.WriteLineAsync(string.Create(
    CultureInfo.InvariantCulture,
    $"{number} events, {pump.Stored} stored, {pump.Dropped} dropped, {number / clock.Elapsed.TotalSeconds:0}/s, {used.TotalMicroseconds / number:0.0} us of CPU and {pump.Bytes / number} bytes an event"));
