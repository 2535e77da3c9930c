using Wayleave.Telemetry.Profile;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>Describes a cluster as told, or fails, or never answers.</summary>
internal sealed class FakeShapes : IClusterProfileSource
{
    public ClusterProfile Shape { get; set; } = new()
    {
        Intents = SizeBucket.Tens,
        Policies = SizeBucket.Units,
        Clusters = SizeBucket.Zero,
        Namespaces = SizeBucket.Hundreds,
        Nodes = SizeBucket.Thousands,
        KubernetesMinor = 36,
        OperatingSystem = OperatingSystemKind.Linux,
        Architecture = CpuArchitecture.Arm64,
        Changes = ChangeSources.GitOps | ChangeSources.Kubectl,
    };

    public bool Fails { get; set; }

    public bool Hangs { get; set; }

    public int Reads { get; private set; }

    public Task<ClusterProfile> ReadAsync(CancellationToken cancellationToken)
    {
        Reads++;
        return Hangs ? new TaskCompletionSource<ClusterProfile>().Task
            : Fails ? Task.FromException<ClusterProfile>(new IOException("Not now."))
            : Task.FromResult(Shape);
    }
}
