using System.Runtime.InteropServices;
using HostArchitecture = System.Runtime.InteropServices.Architecture;

namespace Wayleave.Telemetry.Profile;

/// <summary>The profile of a cluster in ACTIVE: size, version, platform and tools.</summary>
public sealed record ClusterProfile
{
    public required SizeBucket Intents { get; init; }

    public required SizeBucket Policies { get; init; }

    public required SizeBucket Clusters { get; init; }

    public required SizeBucket Namespaces { get; init; }

    public required SizeBucket Nodes { get; init; }

    /// <summary>The minor version of the API server; null if it is not known, and then left out.</summary>
    public int? KubernetesMinor { get; init; }

    /// <summary>By default what this process runs on.</summary>
    public OperatingSystemKind OperatingSystem { get; init; } =
        System.OperatingSystem.IsLinux() ? OperatingSystemKind.Linux
        : System.OperatingSystem.IsWindows() ? OperatingSystemKind.Windows
        : System.OperatingSystem.IsMacOS() ? OperatingSystemKind.Darwin
        : OperatingSystemKind.Other;

    /// <summary>By default what this process runs on.</summary>
    public CpuArchitecture Architecture { get; init; } = RuntimeInformation.ProcessArchitecture switch
    {
        HostArchitecture.X64 => CpuArchitecture.Amd64,
        HostArchitecture.Arm64 => CpuArchitecture.Arm64,
        _ => CpuArchitecture.Other,
    };

    public ChangeSources Changes { get; init; }
}

/// <summary>Where ACTIVE's description of the cluster comes from.</summary>
public interface IClusterProfileSource
{
    /// <summary>
    /// Called once for each ACTIVE, from a scheduler's thread. If it fails, or takes longer than 30 seconds, ACTIVE is sent without
    /// the description.
    /// </summary>
    Task<ClusterProfile> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>What manages Wayleave's resources, from a closed list of field managers. A person is never identified.</summary>
[Flags]
public enum ChangeSources
{
    None = 0,
    GitOps = 1,
    Helm = 2,
    Kubectl = 4,
    Other = 8,
}

/// <summary>A count in powers of ten (0, 1 to 9, 10 to 99, 100 to 999, 1,000 and more), so that it does not identify a cluster.</summary>
public enum SizeBucket
{
    Zero,
    Units,
    Tens,
    Hundreds,
    Thousands,
}

public static class SizeBucketing
{
    public static SizeBucket FromCount(long count) => count switch
    {
        <= 0 => SizeBucket.Zero,
        < 10 => SizeBucket.Units,
        < 100 => SizeBucket.Tens,
        < 1000 => SizeBucket.Hundreds,
        _ => SizeBucket.Thousands,
    };
}

public enum CpuArchitecture
{
    Other,
    Amd64,
    Arm64,
}

public enum OperatingSystemKind
{
    Other,
    Linux,
    Windows,
    Darwin,
}
