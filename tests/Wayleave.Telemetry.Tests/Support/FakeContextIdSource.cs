using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>A source of the cluster's id that returns it, returns null because reading is forbidden, or fails.</summary>
internal sealed class FakeContextIdSource : IContextIdSource
{
    public static ContextId Cluster { get; } = ContextId.FromClusterUid("2f1a5f0e-6c0c-4a42-8a4e-0f4d4b7a9c11");

    public ContextId? Id { get; set; } = Cluster;

    public bool Fails { get; set; }

    public Task<ContextId?> ReadAsync(CancellationToken cancellationToken) =>
        Fails ? Task.FromException<ContextId?>(new IOException("The id cannot be read now.")) : Task.FromResult(Id);
}
