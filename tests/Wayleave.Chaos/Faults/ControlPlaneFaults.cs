using k8s;
using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Otlp;

namespace Wayleave.Chaos.Faults;

/// <summary>What happens to the API server, to etcd, to the lease and to the collector.</summary>
internal sealed class ControlPlaneFaults(World world, Random random)
{
    // Watches back off for ten seconds at most; what they bring is stored within a second more.
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

    // As if the clock of who holds it had been set: an hour ahead, or back.
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
            // Another fault was quicker: the clock stays as it is.
        }
    }

    private Task Collect()
    {
        world.Collector.Otherwise = Answers[random.Next(Answers.Length)];
        return Task.Delay(random.Next(500, 1500));
    }
}
