using System.Globalization;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Exactness;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;
using Xunit.Abstractions;

namespace Wayleave.EndToEnd.Tests.Exactness;

/// <summary>
/// Edits continue while operators are killed and frozen, leadership changes, and API server, etcd, and collector restart, stall, and fail.
/// Afterwards the collector has exactly the counts that follow from etcd's history. <c>WAYLEAVE_EXACTNESS_CHANGES</c> and
/// <c>WAYLEAVE_EXACTNESS_KILLS</c> set the length of the run, <c>WAYLEAVE_EXACTNESS_SEED</c> repeats its random choices, and
/// <c>WAYLEAVE_EXACTNESS_HISTORY</c> names a file for etcd's history. All faults may coincide, with one exception: when the API server loses
/// its history while no operator leads, or within two seconds of that, the ledger has been written since the last change, and nothing is deleted
/// from the map until an operator leads again (docs/design says why).
/// </summary>
[Collection(Name)]
public sealed class ExactnessTests(ITestOutputHelper output)
{
    public const string Name = "Exactness";

    private static readonly ControlPlaneOptions Options = new()
    {
        ExternalKubeconfig = null,
        ApiServerArguments = ["--etcd-compaction-interval=0", "--storage-media-type=application/json"],
    };

    [Fact]
    public async Task The_collector_receives_exact_counts_despite_kills_freezes_and_restarts()
    {
        var seed = Number("WAYLEAVE_EXACTNESS_SEED", Random.Shared.Next());
        output.WriteLine($"seed {seed}");
        await using var cluster = await TestCluster.StartAsync(Options);
        await using var member = await ClusterPool.TakeMemberAsync();
        await MemberClusters.GrantAsync(member);
        await using var collector = await OtlpCollector.StartAsync();
        await using var scene = await Scene.SetAsync(cluster);
        var random = new Random(seed);
        var replicas = new Replicas(scene, collector.Endpoint, random);
        var editor = new Editor(scene, await MemberClusters.KubeconfigAsync(member), new Random(seed + 1));
        var storm = new Storm(scene, replicas, editor, collector, random);
        await editor.PrepareAsync();
        await replicas.FillAsync(default);
        await Poll.UntilAsync("the first leader", replicas.LeadsAsync, Poll.Patience, default);
        await editor.DiscoverFirstAsync();
        await Poll.UntilAsync(
            "the first namespace to be counted",
            _ => Task.FromResult(ReceivedUsage.Of(collector).ContainsKey("NAMESPACE_DISCOVERED")), Poll.Patience, default);

        await RunStormAsync(replicas, storm, editor);

        collector.Otherwise = OtlpAnswer.Accept;
        await replicas.FillAsync(default);
        var history = new EtcdHistory(await cluster.ControlPlane.EtcdAddressAsync());
        var truth = await AgreeAsync(history, collector);
        Report(seed, replicas, storm, editor, truth, ReceivedUsage.Of(collector));
        if (Environment.GetEnvironmentVariable("WAYLEAVE_EXACTNESS_HISTORY") is { Length: > 0 } path)
        {
            await history.DumpAsync(path);
        }

        ReceivedUsage.Of(collector).ShouldBe(truth, $"seed {seed}\n{replicas.Logs()}");
    }

    private static async Task RunStormAsync(Replicas replicas, Storm storm, Editor editor)
    {
        var (changes, kills) = (Number("WAYLEAVE_EXACTNESS_CHANGES", 150), Number("WAYLEAVE_EXACTNESS_KILLS", 6));
        using var over = new CancellationTokenSource();
        var editing = EditAsync(storm, editor, over.Token);
        while (editor.Changes < changes || replicas.Kills < kills)
        {
            // Alternates between one operator that leads alone and two that contest a lease.
            var contest = replicas.Kills / 3 % 2 == 1;
            if (contest != replicas.Elect)
            {
                await replicas.KillAllAsync();
                replicas.Elect = contest;
            }

            await replicas.FillAsync(CancellationToken.None);
            await storm.InjectFaultAsync(CancellationToken.None);
        }

        await over.CancelAsync();
        await editing;
    }

    private static async Task EditAsync(Storm storm, Editor editor, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await storm.Edits.WaitAsync(CancellationToken.None);
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                await editor.ChangeAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                // The API server stalls.
            }
            finally
            {
                storm.Edits.Release();
            }

            await Task.Delay(20, CancellationToken.None);
        }
    }

    private static async Task<SortedDictionary<string, long>> AgreeAsync(EtcdHistory history, OtlpCollector collector)
    {
        var truth = UsageTruth.Of(await history.ReadAsync());
        for (var end = DateTime.UtcNow.AddSeconds(60); DateTime.UtcNow < end && !truth.SequenceEqual(ReceivedUsage.Of(collector));)
        {
            await Task.Delay(1000);
            truth = UsageTruth.Of(await history.ReadAsync());
        }

        return truth;
    }

    private void Report(
        int seed, Replicas replicas, Storm storm, Editor editor, SortedDictionary<string, long> truth, SortedDictionary<string, long> received)
    {
        output.WriteLine($"seed {seed}: {editor.Changes} changes, {replicas.Kills} kills, {replicas.Started} starts");
        storm.Story.ForEach(output.WriteLine);
        output.WriteLine(string.Join(", ", storm.Faults.Select(fault => $"{fault.Key} {fault.Value}")));
        foreach (var (type, count) in truth)
        {
            output.WriteLine($"{type,-32} {count,8} {received.GetValueOrDefault(type),8}");
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
