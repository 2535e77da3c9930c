using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Telemetry;

/// <summary>A cluster in which only the running test declares anything, so that every count is known.</summary>
public sealed class TelemetryCluster : IAsyncLifetime
{
    public TestCluster Cluster { get; private set; } = null!;

    public AuditLog Audit { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await ClusterPool.TakeAsync();
        Audit = new AuditLog(Cluster.ControlPlane.AuditLogPath!);
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    internal Task<TelemetryStage> SetAsync() => TelemetryStage.SetAsync(Cluster);
}
