using k8s;
using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Otlp;

namespace Wayleave.Chaos.Faults;

/// <summary>Faults of the API server, etcd, the lease and the collector.</summary>
internal sealed class ControlPlaneFaults(World world, Random random)
{
    // Watches back off for at most ten seconds. The changes that they deliver are stored within another second.
    private static readonly TimeSpan WatchesBack = TimeSpan.FromSeconds(12);

    private static readonly OtlpAnswer[] Answers =
    [
        OtlpAnswer.Status(503), OtlpAnswer.Status(429, TimeSpan.FromSeconds(1)), OtlpAnswer.Close, OtlpAnswer.AcceptAndClose, OtlpAnswer.CloseMidBody, OtlpAnswer.Hang,
    ];

    private ControlPlane Plane => world.Cluster.ControlPlane;

    public IReadOnlyList<Func<Fault>> Makers =>
    [
        () => new Fault("API server killed and started again", ComesAlone: true, RestartAsync),
        () => Of("API server stalled", () => StallAsync(() => Plane.PauseApiServerAsync(), () => Plane.ResumeApiServerAsync())),
        () => Of("etcd stalled", () => StallAsync(() => Plane.PauseEtcdAsync(), () => Plane.ResumeEtcdAsync())),
        () => Of("clock of the lease jumps", JumpAsync),
        () => Of("collector at fault", Collect),
        () => Of("collector at fault", Collect),
    ];

    private static Fault Of(string name, Func<Task> strike) => new(name, ComesAlone: false, strike);

    private async Task RestartAsync()
    {
        await Plane.StopApiServerAsync();
        await Plane.StartApiServerAsync();
        await Task.Delay(WatchesBack);
    }

    private async Task StallAsync(Func<Task> pause, Func<Task> resume)
    {
        await pause();
        await Task.Delay(random.Next(500, 2500));
        await resume();
    }

    // Moves renewTime by an hour, as if the clock of the lease holder had been changed.
    private async Task JumpAsync()
    {
        try
        {
            var sign = random.Next(2) == 0 ? 1 : -1;
            var renewed = DateTime.UtcNow.AddHours(sign).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", System.Globalization.CultureInfo.InvariantCulture);
            var jump = new V1Patch($"{{\"spec\": {{\"renewTime\": \"{renewed}\"}}}}", V1Patch.PatchType.MergePatch);
            await world.Cluster.Client.PatchAsync<V1Lease>("wayleave-operator", world.Scene.Home, jump, CancellationToken.None);
        }
        catch (Exception error) when (error is HttpRequestException or KubernetesException or TimeoutException)
        {
            // Another fault prevented the patch: the lease stays unchanged.
        }
    }

    private Task Collect()
    {
        world.Collector.Otherwise = Answers[random.Next(Answers.Length)];
        return Task.Delay(random.Next(500, 1500));
    }
}
