using Wayleave.Telemetry.Profile;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>A source that returns the given profile, fails, or never returns.</summary>
internal sealed class FakeClusterProfileSource : IClusterProfileSource
{
    public ClusterProfile Profile { get; set; } = new()
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
            : Fails ? Task.FromException<ClusterProfile>(new IOException("The profile cannot be read now."))
            : Task.FromResult(Profile);
    }
}
