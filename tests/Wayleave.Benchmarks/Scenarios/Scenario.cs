using Wayleave.Benchmarks.Reports;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>A measured situation that costs users time or resources.</summary>
internal abstract class Scenario
{
    public const double Megabyte = 1024 * 1024;

    /// <summary>Options of a control plane whose controller manager keeps up with thousands of Deployments and their ReplicaSets.</summary>
    public static ControlPlaneOptions FleetCluster { get; } = new()
    {
        ExternalKubeconfig = null,
        ControllerManagerArguments = ["--kube-api-qps=500", "--kube-api-burst=1000", "--concurrent-deployment-syncs=10", "--concurrent-replicaset-syncs=10"],
    };

    public static OperatorSettings NoTelemetry { get; } = new() { Arguments = ["--telemetry-enabled=false"] };

    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    public abstract Task MeasureAsync(Figures figures, Scope scope);

    protected static async Task<OperatorProcess> StartAsync(TestCluster cluster, OperatorSettings settings)
    {
        var running = await OperatorProcess.StartAsync(cluster.ControlPlane.KubeconfigPath, settings);
        await running.WaitUntilReadyAsync();
        return running;
    }
}
