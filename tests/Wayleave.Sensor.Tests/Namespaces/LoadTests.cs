using System.Diagnostics;
using System.Globalization;
using Wayleave.Ingest.V1;
using Wayleave.Sensor.Tests.Support;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;
using Xunit.Abstractions;

namespace Wayleave.Sensor.Tests.Namespaces;

/// <summary>
/// How much the sensor takes. Runs only if <c>WAYLEAVE_SENSOR_LOAD</c> says how many connections a second a Pod opens, and the machine has
/// nothing else to do; <c>WAYLEAVE_SENSOR_PROGRAM</c> is the published program.
/// </summary>
public sealed class LoadTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Seconds = 20;
    private const long MaxResidentBytes = 20L << 20;

    // A SYN is seen at the interface of the Pod, at the bridge and at the uplink, and so is the answer.
    private const int SeenOfCall = 6;

    private static string? Rate => Environment.GetEnvironmentVariable("WAYLEAVE_SENSOR_LOAD");

    private readonly TestNetwork _network = new();

    public Task InitializeAsync() => Rate is null ? Task.CompletedTask : _network.InitializeAsync();

    public Task DisposeAsync() => _network.DisposeAsync();

    [SkippableFact]
    public async Task Stays_small_and_drops_no_packet()
    {
        Skip.If(Rate is null, "WAYLEAVE_SENSOR_LOAD is not set");
        _network.SkipIfImpossible();
        Skip.IfNot((await ChildProcess.RunAsync("/bin/bash", ["-c", "command -v gcc"])).ExitCode == 0, "needs gcc");
        var generator = Path.Combine(Path.GetTempPath(), $"wayleave-load-{Guid.NewGuid():N}");
        await NetworkNamespace.ShellAsync($"gcc -O2 -o {generator} {Checkout.PathOf("tests", "Wayleave.Sensor.Tests", "Namespaces", "load.c")}");
        await _network.OtherNode.RunAsync("ip addr replace 10.99.0.77/32 dev lo");
        await _network.Client.CallAsync("10.99.0.77:9999");
        var idle = ReadUse();
        Report("idle", idle, calls: 0, TimeSpan.FromSeconds(1));
        var clock = Stopwatch.StartNew();
        var sent = await _network.Client.Network.RunAsync($"{generator} {Rate} {Seconds}");
        var duration = clock.Elapsed;
        File.Delete(generator);
        var loaded = ReadUse();
        var calls = long.Parse(sent, CultureInfo.InvariantCulture);
        Report("under load", loaded with { Cpu = loaded.Cpu - idle.Cpu }, calls, duration);

        // What the mapper has not been told yet, it asks for.
        _network.Mapper.Answer = (context, batch) => FakeMapper.WriteAsync(context, new Ack { Sequence = batch.Sequence, Resync = true });
        var attributed = await Poll.UntilAsync(
            "the calls", _ => Task.FromResult(Attributed()), count => count > calls / 2, Poll.Patience, CancellationToken.None);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{attributed} of {calls} calls attributed, {Merged()} without room; {SeenOfCall * calls / duration.TotalSeconds:0} packets a second"));
        _network.Mapper.Batches.Sum(batch => (long)(batch.Losses?.KernelDrops ?? 0)).ShouldBe(0);
        ReadUse().Peak.ShouldBeLessThanOrEqualTo(MaxResidentBytes);
    }

    private long Attributed() => _network.Mapper.GetCalls()
        .Where(call => call.Source == Source.Tcp && call.Pod == _network.Client.Uid && call.Called.StartsWith("10.99.0.77:", StringComparison.Ordinal))
        .Sum(call => (long)call.Refused + call.Unanswered);

    private long Merged() => _network.Mapper.Batches.Sum(batch => (long)(batch.Losses?.Merged ?? 0));

    private void Report(string when, Use use, long calls, TimeSpan duration) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{when}: {use.Resident / 1048576.0:0.0} MiB resident, at most {use.Peak / 1048576.0:0.0} MiB, {use.Cpu.TotalSeconds:0.00} s of CPU"
        + $"{(calls > 0 ? $", {calls} calls in {duration.TotalSeconds:0.0} s, {use.Cpu.TotalMicroseconds / (SeenOfCall * calls):0.00} µs a packet" : "")}"));

    // The process below ip and setpriv is the program itself: they replace themselves.
    private Use ReadUse()
    {
        _network.Sensor.Refresh();
        var status = File.ReadAllLines($"/proc/{_network.Sensor.Id}/status");
        return new Use(Kilobytes("VmRSS:"), Kilobytes("VmHWM:"), _network.Sensor.TotalProcessorTime);

        long Kilobytes(string name) => 1024 * long.Parse(
            status.Single(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    private sealed record Use(long Resident, long Peak, TimeSpan Cpu);
}
