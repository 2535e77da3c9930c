using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>One cluster, with an audit log, for tests that start and end operators. Its API server is never stopped.</summary>
public sealed class LifecycleCluster : IAsyncLifetime
{
    /// <summary>What the operator calls itself.</summary>
    public const string UserAgent = "wayleave-operator/";

    /// <summary>Leaves out the ledger's writes, where writes are counted.</summary>
    public const string NoTelemetry = "--telemetry-enabled=false";

    public TestCluster Cluster { get; private set; } = null!;

    public AuditLog Audit { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Cluster = await ClusterPool.TakeAsync();
        await ClusterPool.DrainAsync();
        Audit = new AuditLog(Cluster.ControlPlane.AuditLogPath!);
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();

    public Task<Scene> SetAsync() => Scene.SetAsync(Cluster);

    /// <summary>What the API server was asked since the mark, reads of leases left out: all that was answered before this call.</summary>
    public async Task<IReadOnlyList<AuditRecord>> RecordsSinceAsync(long mark)
    {
        var sign = $"sign-{Guid.NewGuid():N}";
        await Cluster.Client.GetAsync<V1Namespace>(sign, null, default);
        return await Poll.UntilAsync(
            "a later request in the audit log",
            _ => Task.FromResult(Audit.Read(mark)),
            records => records.Any(record => record.Name == sign),
            Poll.Patience,
            default);
    }

    /// <summary>The part of <see cref="RecordsSinceAsync"/> that is of operators.</summary>
    public async Task<IReadOnlyList<AuditRecord>> RequestsSinceAsync(long mark) =>
        [.. (await RecordsSinceAsync(mark)).Where(record => record.UserAgent.StartsWith(UserAgent, StringComparison.Ordinal))];

    /// <summary>The part of <see cref="RequestsSinceAsync"/> that asked for a change, of leases too.</summary>
    public async Task<IReadOnlyList<AuditRecord>> WritesSinceAsync(long mark) => [.. (await RequestsSinceAsync(mark)).Where(record => record.IsWrite)];
}
