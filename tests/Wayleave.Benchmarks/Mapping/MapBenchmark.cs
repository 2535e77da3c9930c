using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Wayleave.Api;
using Wayleave.Benchmarks.Members;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Mapping;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Mapping;

/// <summary>Measures the network mapper with 200 sensors, which report 5,000 Pods of 500 workloads every ten seconds.</summary>
internal static class MapBenchmark
{
    private const int Nodes = 200;
    private const int PodsPerNode = 25;
    private const int Workloads = Nodes * PodsPerNode / MappedFleet.PodsPerWorkload;
    private const double Megabyte = 1024 * 1024;
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(TextWriter output)
    {
        if (Environment.GetEnvironmentVariable("WAYLEAVE_MAPPER") is not { Length: > 0 } program)
        {
            await Console.Error.WriteLineAsync("map: WAYLEAVE_MAPPER must name the published mapper: tests/publish FOLDER Mapper");
            return 2;
        }

        // Pods whose owners do not exist would be deleted.
        var options = new ControlPlaneOptions { ExternalKubeconfig = null, ControllerManagerArguments = ["--controllers=*,-garbagecollector,-podgc,-nodelifecycle"] };
        await using var cluster = await TestCluster.StartAsync(options);
        using var fleet = new MappedFleet(cluster);
        await output.WriteLineAsync($"{Nodes} nodes with {PodsPerNode} Pods each ...");
        await fleet.CreateAsync(Nodes, PodsPerNode);
        var table = new MarkdownTable();
        var started = Stopwatch.GetTimestamp();
        await using var mapper = await MapperProcess.StartAsync(program, cluster.ControlPlane.KubeconfigPath, ["--count-discoveries"]);
        await mapper.WaitUntilReadyAsync();
        table.Add("start until ready", $"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");
        table.Add("resident, caches synced", $"{mapper.Resident / Megabyte:0} MiB");
        await MeasureAsync(cluster, fleet, mapper, table, output);
        await table.WriteAsync(output);
        return 0;
    }

    private static async Task MeasureAsync(TestCluster cluster, MappedFleet fleet, MapperProcess mapper, MarkdownTable table, TextWriter output)
    {
        var authority = await fleet.ReadAuthorityAsync();
        List<SimulatedSensor> sensors =
        [
            .. Enumerable.Range(0, Nodes).Select(node => new SimulatedSensor(
                fleet.Pods, node * PodsPerNode, PodsPerNode, fleet.Tokens[node], new BatchConnection(mapper.Port, authority, node))),
        ];
        var answers = new ConcurrentDictionary<HttpStatusCode, int>();
        using var over = new CancellationTokenSource();
        await output.WriteLineAsync($"{Nodes} sensors report ...");
        var began = Stopwatch.GetTimestamp();
        var reporting = Task.WhenAll(sensors.Select((sensor, node) => ReportAsync(sensor, _interval * node / Nodes, answers, over.Token)));
        await Poll.UntilAsync("the map", token => IsCompleteAsync(cluster, token), TimeSpan.FromMinutes(5), CancellationToken.None);
        table.Add($"first batch until {Workloads} objects with {SimulatedSensor.Targets} calls each are stored", $"{Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
        table.Add("CPU until then", $"{mapper.Cpu.TotalSeconds:0.0} s");
        await AddMinuteAsync(mapper, table);
        await over.CancelAsync();
        await reporting;
        table.Add("answers", $"{string.Join(", ", answers.OrderBy(answer => answer.Key).Select(answer => $"{(int)answer.Key}: {answer.Value}"))}");
        sensors.ForEach(sensor => sensor.Dispose());
    }

    // Twenty new calls a second, all Pods reported again.
    private static async Task AddMinuteAsync(MapperProcess mapper, MarkdownTable table)
    {
        var (before, cpu) = (await mapper.ReadMetricsAsync(), mapper.Cpu);
        await Task.Delay(_minute);
        var after = await mapper.ReadMetricsAsync();
        double Since(string name) => after.GetValueOrDefault(name) - before.GetValueOrDefault(name);
        var batches = Since("""wayleave_ingest_batches_total{component="sensor",outcome="accepted"}""");
        table.Add("a minute of reports, a new call in each: batches a second", $"{batches / _minute.TotalSeconds:0.0}");
        table.Add("objects written a second", $"{Since("""wayleave_map_writes_total{outcome="applied"}""") / _minute.TotalSeconds:0.0}");
        table.Add("writes put off", $"{Since("""wayleave_map_writes_total{outcome="throttled"}""")}");
        table.Add("CPU", $"{(mapper.Cpu - cpu) / _minute * 100:0.0} % of a core, {(mapper.Cpu - cpu).TotalMilliseconds / batches:0.00} ms a batch");
        table.Add("lag, from the end of a batch until it is in the map: median, 99 %", $"{Quantile(before, after, 0.5)}, {Quantile(before, after, 0.99)}");
        table.Add("resident, peak", $"{mapper.Resident / Megabyte:0} MiB, {mapper.PeakResident / Megabyte:0} MiB");
    }

    private static async Task ReportAsync(
        SimulatedSensor sensor, TimeSpan delay, ConcurrentDictionary<HttpStatusCode, int> answers, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(delay, cancellationToken);
            using var timer = new PeriodicTimer(_interval);
            var isFirst = true;
            do
            {
                var answer = await sensor.SendAsync(news: !isFirst, cancellationToken);
                answers.AddOrUpdate(answer, 1, (_, count) => count + 1);
                isFirst = false;
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The measurement is over.
        }
    }

    private static async Task<bool> IsCompleteAsync(TestCluster cluster, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        var stored = await cluster.Client.ListAsync<ObservedIntents>(new ListOptions { Namespace = MappedFleet.Namespace }, cancellationToken);
        return stored.Items.Count(one => one.Calls.Count >= SimulatedSensor.Targets) >= Workloads;
    }

    // The upper bound of the bucket that has the quantile.
    private static string Quantile(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after, double quantile)
    {
        const string Bucket = "wayleave_ingest_lag_seconds_bucket{le=\"";
        var buckets = after.Where(sample => sample.Key.StartsWith(Bucket, StringComparison.Ordinal))
            .Select(sample => (Bound: sample.Key[Bucket.Length..^2], Count: sample.Value - before.GetValueOrDefault(sample.Key)))
            .OrderBy(bucket => bucket.Bound == "+Inf" ? double.MaxValue : double.Parse(bucket.Bound, CultureInfo.InvariantCulture))
            .ToList();
        return new StringBuilder("at most ").Append(buckets.First(bucket => bucket.Count >= buckets[^1].Count * quantile).Bound).Append(" s").ToString();
    }
}
