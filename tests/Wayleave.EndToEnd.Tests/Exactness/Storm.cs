using k8s;
using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;
using Wayleave.Testing.Otlp;

namespace Wayleave.EndToEnd.Tests.Exactness;

/// <summary>Injects random faults.</summary>
internal sealed class Storm(Scene scene, Replicas replicas, Editor editor, OtlpCollector collector, Random random)
{
    // Watches back off for ten seconds at most; their changes are stored within one more second.
    private static readonly TimeSpan WatchesBack = TimeSpan.FromSeconds(12);

    private static readonly OtlpAnswer[] Answers =
    [
        OtlpAnswer.Accept, OtlpAnswer.Accept, OtlpAnswer.Status(503), OtlpAnswer.Status(429, TimeSpan.FromSeconds(1)), OtlpAnswer.Close,
        OtlpAnswer.AcceptAndClose, OtlpAnswer.CloseMidBody, OtlpAnswer.Hang,
    ];

    /// <summary>The number of faults by kind.</summary>
    public SortedDictionary<string, int> Faults { get; } = new(StringComparer.Ordinal);

    /// <summary>The faults with their start and end times.</summary>
    public List<string> Story { get; } = [];

    public async Task InjectFaultAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(random.Next(200, 1200), cancellationToken);
        editor.KeepsMap = editor.KeepsMap && !await IsLedAsync(cancellationToken);
        collector.Otherwise = Answers[random.Next(Answers.Length)];
        await (random.Next(20) switch
        {
            < 14 => DoAsync("SIGKILL", () => replicas.KillAsync()),
            14 => DoAsync("SIGTERM", () => replicas.EndAsync()),
            15 => DoAsync("SIGSTOP", () => replicas.FreezeAsync(cancellationToken)),
            16 => DoAsync("API server restarted", () => RestartApiServerAsync(cancellationToken)),
            17 => DoAsync("API server stalled", () => StallAsync(
                () => scene.Cluster.ControlPlane.PauseApiServerAsync(cancellationToken), () => scene.Cluster.ControlPlane.ResumeApiServerAsync(CancellationToken.None))),
            18 => DoAsync("etcd stalled", () => StallAsync(
                () => scene.Cluster.ControlPlane.PauseEtcdAsync(cancellationToken), () => scene.Cluster.ControlPlane.ResumeEtcdAsync(CancellationToken.None))),
            _ => DoAsync("all killed, API server restarted", () => RestartAloneAsync(cancellationToken)),
        });
        await Task.Delay(random.Next(500), cancellationToken);
        await replicas.FillAsync(cancellationToken);
    }

    /// <summary>Waits until an operator leads and the ledger has not changed for three seconds.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await Poll.UntilAsync("an operator that leads", replicas.LeadsAsync, Poll.Patience, cancellationToken);
        var seen = "";
        var since = DateTime.UtcNow;
        await Poll.UntilAsync(
            "the ledger to stop changing",
            async token =>
            {
                var version = await VersionAsync(token);
                (seen, since) = version == seen ? (seen, since) : (version, DateTime.UtcNow);
                return DateTime.UtcNow - since > TimeSpan.FromSeconds(3);
            },
            Poll.Patience,
            cancellationToken);
    }

    private async Task DoAsync(string fault, Func<Task> work)
    {
        Faults[fault] = Faults.GetValueOrDefault(fault) + 1;
        var began = DateTime.UtcNow;
        await work();
        Story.Add($"{began:HH:mm:ss.fff} to {DateTime.UtcNow:HH:mm:ss.fff} {fault}");
    }

    private async Task StallAsync(Func<Task> pause, Func<Task> resume)
    {
        await pause();
        await Task.Delay(random.Next(500, 2500));
        await resume();
    }

    // The API server loses its history, so a leader must have seen all changes, restore its watches, and write the ledger before the next
    // fault. This is the one condition for exact counts. Until then nothing leaves the map: what no operator has seen could not be counted.
    private async Task RestartApiServerAsync(CancellationToken cancellationToken)
    {
        editor.KeepsMap = true;
        await EditsPausedAsync(() => CatchUpAsync(cancellationToken));
        EditsResume();
        var before = await VersionAsync(cancellationToken);
        await scene.Cluster.ControlPlane.EndApiServerAsync(cancellationToken);
        await scene.Cluster.ControlPlane.StartApiServerAsync(cancellationToken);
        await Poll.UntilAsync(
            "the ledger to be written after the restart",
            async token => await VersionAsync(token) is var now && now != before && !now.StartsWith("not now", StringComparison.Ordinal),
            Poll.Patience,
            cancellationToken);
        await Task.Delay(WatchesBack, cancellationToken);
    }

    // No operator runs and the history is lost, so the ledger must be complete before that.
    private async Task RestartAloneAsync(CancellationToken cancellationToken)
    {
        editor.KeepsMap = true;
        await EditsPausedAsync(() => CatchUpAsync(cancellationToken));
        await replicas.KillAllAsync();
        await scene.Cluster.ControlPlane.EndApiServerAsync(cancellationToken);
        await scene.Cluster.ControlPlane.StartApiServerAsync(cancellationToken);
        EditsResume();
        await Task.Delay(1500, cancellationToken);
    }

    /// <summary>Held while edits are paused.</summary>
    public SemaphoreSlim Edits { get; } = new(1, 1);

    private async Task EditsPausedAsync(Func<Task> work)
    {
        await Edits.WaitAsync();
        await work();
    }

    private void EditsResume() => Edits.Release();

    private async Task<bool> IsLedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await replicas.LeadsAsync(cancellationToken);
        }
        catch (HttpRequestException)
        {
            // An operator that starts or ends does not answer.
            return false;
        }
    }

    private async Task<string> VersionAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await scene.Cluster.Client.GetAsync<V1ConfigMap>("wayleave-telemetry", scene.Home, cancellationToken))?.Metadata.ResourceVersion ?? "";
        }
        catch (Exception error) when (error is HttpRequestException or KubernetesException or TimeoutException)
        {
            return $"not now: {error.GetType().Name}";
        }
    }
}
