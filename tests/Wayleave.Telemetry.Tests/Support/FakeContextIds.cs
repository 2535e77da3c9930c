using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>A cluster whose id can be read, may not be read, or cannot be read just now.</summary>
internal sealed class FakeContextIds : IContextIdSource
{
    public static ContextId Cluster { get; } = ContextId.FromClusterUid("2f1a5f0e-6c0c-4a42-8a4e-0f4d4b7a9c11");

    public ContextId? Id { get; set; } = Cluster;

    public bool Fails { get; set; }

    public Task<ContextId?> ReadAsync(CancellationToken cancellationToken) =>
        Fails ? Task.FromException<ContextId?>(new IOException("Not now.")) : Task.FromResult(Id);
}
