using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Objects;
using Wayleave.Telemetry.Tests.Support;

namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>Everything outside a process that it calls, behind its fuse.</summary>
internal sealed class FusedOutside(ModelCluster cluster, Fuse fuse) : ILedgerStore, IObjectHistoryReader, IContextIdSource, IBatchSender
{
    public Task<LedgerSnapshot?> LoadAsync(CancellationToken cancellationToken) =>
        fuse.PassAsync(() => cluster.Store.LoadAsync(cancellationToken));

    public Task<string?> SaveAsync(IReadOnlyDictionary<string, string> entries, string? version, CancellationToken cancellationToken) =>
        fuse.PassAsync(() => cluster.Store.SaveAsync(entries, version, cancellationToken));

    public Task<ObjectHistory> ReadAsync(CountedKind kind, long after, long upTo, CancellationToken cancellationToken) =>
        fuse.PassAsync(() => Task.FromResult(cluster.GetDeleted(kind, after, upTo)));

    public Task<ContextId?> ReadAsync(CancellationToken cancellationToken) =>
        fuse.PassAsync(() => Task.FromResult<ContextId?>(FakeContextIdSource.Cluster));

    public Task<bool> HaveCredentialsChangedAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    public Task<SendResult> SendAsync(LedgerBatch batch, CancellationToken cancellationToken) =>
        fuse.PassAsync(() => Task.FromResult(cluster.Receive(batch)));
}
