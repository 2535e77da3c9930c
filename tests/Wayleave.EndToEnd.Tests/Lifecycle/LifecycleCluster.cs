using k8s.Models;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Lifecycle;

/// <summary>One cluster, with an audit log, for tests that start and end operators. Its API server is never stopped.</summary>
public sealed class LifecycleCluster : IAsyncLifetime
{
    /// <summary>The beginning of the operator's user agent.</summary>
    public const string UserAgent = "wayleave-operator/";

    /// <summary>Turns telemetry off, so that the ledger adds no writes where a test counts them.</summary>
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

    /// <summary>All requests that the API server answered between the mark and this call, except reads of leases.</summary>
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

    /// <summary>The requests of operators in <see cref="RecordsSinceAsync"/>.</summary>
    public async Task<IReadOnlyList<AuditRecord>> RequestsSinceAsync(long mark) =>
        [.. (await RecordsSinceAsync(mark)).Where(record => record.UserAgent.StartsWith(UserAgent, StringComparison.Ordinal))];

    /// <summary>The writes in <see cref="RequestsSinceAsync"/>, those of leases included.</summary>
    public async Task<IReadOnlyList<AuditRecord>> WritesSinceAsync(long mark) => [.. (await RequestsSinceAsync(mark)).Where(record => record.IsWrite)];
}
