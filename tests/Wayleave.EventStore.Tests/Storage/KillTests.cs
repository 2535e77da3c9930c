using System.Diagnostics;
using System.Globalization;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Storage;
using Wayleave.EventStore.Tests.Support;

namespace Wayleave.EventStore.Tests.Storage;

/// <summary>SIGKILL at random moments of a program that writes. WAYLEAVE_EVENT_KILLS says how often.</summary>
public sealed class KillTests : StoreTest
{
    // A quarter of a second, and what a machine that is busy with other tests may add: it waits for the disk, or for a processor.
    private const int PromisedMilliseconds = 250 + 500;

    [Fact]
    public async Task Keeps_every_event_but_the_last_when_the_process_is_killed()
    {
        var kills = int.Parse(Environment.GetEnvironmentVariable("WAYLEAVE_EVENT_KILLS") ?? "20", CultureInfo.InvariantCulture);
        var random = new Random();
        for (var kill = 0; kill < kills; kill++)
        {
            // The folder of every tenth kill is new. The others continue with what the last one left.
            var folder = Path.Combine(Folder, $"{kill / 10}");
            var rate = (int[])[20, 1000, 10_000];
            var published = await WriteAndKillAsync(folder, rate[kill % 3], TimeSpan.FromMilliseconds(random.Next(50, 1200)));
            Check(folder, published);
        }
    }

    private static async Task<IReadOnlyList<(int Number, long Time)>> WriteAndKillAsync(string folder, int rate, TimeSpan life)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Wayleave.EventStore.Writer.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, folder, $"{rate}", "67108864", "60"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var published = new List<(int, long)>();
        var clock = new Stopwatch();
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            clock.Start();
            if (line.Split(' ') is [var number, { Length: 13 } time])
            {
                published.Add((int.Parse(number, CultureInfo.InvariantCulture), long.Parse(time, CultureInfo.InvariantCulture)));
            }

            if (clock.Elapsed >= life && !process.HasExited)
            {
                process.Kill();
            }
        }

        await process.WaitForExitAsync();
        return published;
    }

    private void Check(string folder, IReadOnlyList<(int Number, long Time)> published)
    {
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
        published.Where(item => item.Time < killed - PromisedMilliseconds && !found.Contains(item.Number)).ShouldBeEmpty();
        foreach (var path in Directory.EnumerateFiles(folder, "*.db*").Where(path => !path.EndsWith("-wal", StringComparison.Ordinal) && !path.EndsWith("-shm", StringComparison.Ordinal)))
        {
            CheckIntegrity(path).ShouldBe("ok");
            Path.GetExtension(path).ShouldBe(".db");
        }
    }
}
