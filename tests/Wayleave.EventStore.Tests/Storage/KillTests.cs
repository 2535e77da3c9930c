using System.Diagnostics;
using System.Globalization;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Storage;
using Wayleave.EventStore.Tests.Support;
using Xunit.Abstractions;

namespace Wayleave.EventStore.Tests.Storage;

/// <summary>
/// SIGKILL at random moments of a program that writes. <c>WAYLEAVE_EVENT_KILLS</c> says how often; where it is set, the machine has nothing
/// else to do, and nothing older than 250 ms may be missing.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : StoreTest
{
    private const long PromisedMilliseconds = 250;

    [Fact]
    public async Task Keeps_every_event_that_was_stored_when_the_process_is_killed()
    {
        var given = Environment.GetEnvironmentVariable("WAYLEAVE_EVENT_KILLS");
        var kills = int.Parse(given ?? "20", CultureInfo.InvariantCulture);
        var random = new Random();
        var (events, oldest, late) = (0, 0L, 0);
        for (var kill = 0; kill < kills; kill++)
        {
            // The folder of every tenth kill is new. The others continue with what the last one left.
            var folder = Path.Combine(Folder, $"{kill / 10}");
            var rate = (int[])[20, 1000, 10_000];
            var written = await WriteAndKillAsync(folder, rate[kill % 3], TimeSpan.FromMilliseconds(random.Next(50, 1200)));
            events += written.Published.Count;
            var lost = Check(folder, written);
            oldest = Math.Max(oldest, lost);
            late += lost > PromisedMilliseconds ? 1 : 0;
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kills} kills, {events} events; the oldest that was lost was published {oldest} ms before the last; {late} kills lost more than {PromisedMilliseconds} ms"));
        if (given is not null)
        {
            oldest.ShouldBeLessThanOrEqualTo(PromisedMilliseconds);
        }
    }

    private static async Task<Written> WriteAndKillAsync(string folder, int rate, TimeSpan life)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Wayleave.EventStore.Writer.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, folder, $"{rate}", "67108864", "60"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var published = new List<(int Number, long Time)>();
        var stored = 0;
        var clock = new Stopwatch();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            clock.Start();
            if (line.Split(' ') is ["stored", var count])
            {
                stored = int.TryParse(count, CultureInfo.InvariantCulture, out var known) ? Math.Max(stored, known) : stored;
            }
            else if (line.Split(' ') is [var number, { Length: 13 } time])
            {
                published.Add((int.Parse(number, CultureInfo.InvariantCulture), long.Parse(time, CultureInfo.InvariantCulture)));
            }

            if (clock.Elapsed >= life && !process.HasExited)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        return new Written(published, stored);
    }

    // Returns how long before the last event the oldest lost one was published, in milliseconds.
    private long Check(string folder, Written written)
    {
        var published = written.Published;
        if (published.Count == 0)
        {
            return 0;
        }

        using var store = new SqliteEventStore(
            new EventStoreSettings(folder, TimeSpan.FromDays(30), TimeSpan.FromDays(7), EventStoreSettings.DefaultMaxBytes), TimeProvider.System, Log);
        var killed = published[^1].Time;
        var query = new EventQuery
        {
            Since = DateTimeOffset.FromUnixTimeMilliseconds(published[0].Time),
            Types = ["status_written", "policy_updated"],
            Limit = EventQuery.MaxLimit,
        };
        var found = ReadAll(store, query)
            .Select(item => item.Payload.TryGetProperty("generation", out var generation) ? generation.GetInt32() : item.Payload.GetProperty("omittedChanges").GetInt32())
            .ToHashSet();
        found.Count.ShouldBeGreaterThanOrEqualTo(written.Stored, "what was stored was lost");
        foreach (var path in Directory.EnumerateFiles(folder, "*.db*").Where(path => !path.EndsWith("-wal", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal)))
        {
            CheckIntegrity(path).ShouldBe("ok");
            Path.GetExtension(path).ShouldBe(".db");
        }

        return published.Where(item => !found.Contains(item.Number)).Select(item => killed - item.Time).DefaultIfEmpty().Max();
    }

    /// <param name="Published">The events that the program had published.</param>
    /// <param name="Stored">How many of them it knew to be stored.</param>
    private sealed record Written(IReadOnlyList<(int Number, long Time)> Published, int Stored);
}
