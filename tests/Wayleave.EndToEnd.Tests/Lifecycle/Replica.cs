using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>One of several operators that contest a lease, under an account of its own.</summary>
/// <param name="User">As the audit log has it.</param>
internal sealed record Replica(OperatorProcess Process, string User)
{
    public static readonly TimeSpan LeaseDuration = TimeSpan.FromSeconds(5);

    public static readonly TimeSpan RenewDeadline = TimeSpan.FromSeconds(3);

    /// <summary>What a busy machine may add.</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    private static readonly string[] Flags =
    [
        "--leader-elect", "--leader-elect-lease-duration", "5s", "--leader-elect-renew-deadline", "3s", "--leader-elect-retry-period", "300ms",
        LifecycleCluster.NoTelemetry,
    ];

    /// <summary>Returns when it is ready.</summary>
    /// <param name="server">The way to the API server, if it is not the direct one.</param>
    public static async Task<Replica> StartAsync(Scene scene, string name, Uri? server = null)
    {
        var plane = scene.Cluster.ControlPlane;
        var account = await ServiceAccount.CreateAsync(plane, scene.Home, name);
        var kubeconfig = await account.WriteKubeconfigAsync(plane, server);
        var process = await scene.StartAsync(new OperatorSettings { Arguments = Flags }, kubeconfig);
        await process.WaitUntilReadyAsync();
        return new Replica(process, account.User);
    }

    /// <summary>Returns when it has taken the lead so many times.</summary>
    public Task<LogLine> LeadsAsync(int times = 1) => Testing.ControlPlane.Poll.UntilAsync(
        $"{User} to lead",
        _ => Task.FromResult(Process.Lines().Where(line => line.Message.StartsWith(LogMessages.BecameLeader, StringComparison.Ordinal)).ElementAtOrDefault(times - 1)),
        LeaseDuration + Slack + Slack,
        default);
}
