using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>One of several operators that contest a lease, with its own ServiceAccount.</summary>
/// <param name="User">The user name in the audit log.</param>
internal sealed record Replica(OperatorProcess Process, string User)
{
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan RenewDeadline = TimeSpan.FromSeconds(3);

    /// <summary>Extra time for a busy machine.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private static readonly string[] Flags =
    [
        "--leader-elect", "--leader-elect-lease-duration", "5s", "--leader-elect-renew-deadline", "3s", "--leader-elect-retry-period", "300ms",
        LifecycleCluster.NoTelemetry,
    ];

    /// <summary>Starts a replica, and waits until it is ready.</summary>
    /// <param name="server">An address that leads to the API server. Null for its own address.</param>
    public static async Task<Replica> StartAsync(Scene scene, string name, Uri? server = null)
    {
        var plane = scene.Cluster.ControlPlane;
        var account = await ServiceAccount.CreateAsync(plane, scene.Home, name);
        var kubeconfig = await account.WriteKubeconfigAsync(plane, server);
        var process = await scene.StartAsync(new OperatorSettings { Arguments = Flags }, kubeconfig);
        await process.WaitUntilReadyAsync();
        return new Replica(process, account.User);
    }

    /// <summary>Waits until it has become the leader this many times.</summary>
    public Task<LogLine> LeadsAsync(int times = 1) => Testing.ControlPlane.Poll.UntilAsync(
        $"{User} to lead",
        _ => Task.FromResult(Process.Lines().Where(LogEvent.BecameLeader.IsIn).ElementAtOrDefault(times - 1)),
        LeaseDuration + Slack + Slack,
        default);
}
