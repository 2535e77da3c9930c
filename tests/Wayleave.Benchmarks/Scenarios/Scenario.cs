using Wayleave.Benchmarks.Reports;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>A thing that users wait or pay for.</summary>
internal abstract class Scenario
{
    public const double Megabyte = 1024 * 1024;

    /// <summary>Its controller manager keeps up with thousands of Deployments, each of which it makes a ReplicaSet for.</summary>
    public static ControlPlaneOptions FleetCluster { get; } = new()
    {
        ExternalKubeconfig = null,
        ControllerManagerArguments = ["--kube-api-qps=500", "--kube-api-burst=1000", "--concurrent-deployment-syncs=10", "--concurrent-replicaset-syncs=10"],
    };

    public static OperatorSettings NoTelemetry { get; } = new() { Arguments = ["--telemetry-enabled=false"] };

    /// <summary>As it is asked for on the command line.</summary>
    public abstract string Name { get; }

    public abstract Task MeasureAsync(Figures figures, Scope scope);

    protected static async Task<OperatorProcess> StartAsync(TestCluster cluster, OperatorSettings settings)
    {
        var running = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath, settings);
        await running.WaitUntilReadyAsync();
        return running;
    }
}
