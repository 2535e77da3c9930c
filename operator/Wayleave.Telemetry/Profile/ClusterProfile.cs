namespace Wayleave.Telemetry.Profile;

/// <summary>What ACTIVE says of a cluster: how large, of which version, on what it runs and what manages it.</summary>
public sealed record ClusterProfile
{
    /// <summary>ClientIntents resources.</summary>
    public required SizeBucket Intents { get; init; }

    /// <summary>EnforcementPolicy resources.</summary>
    public required SizeBucket Policies { get; init; }

    /// <summary>Member clusters.</summary>
    public required SizeBucket Clusters { get; init; }

    public required SizeBucket Namespaces { get; init; }

    public required SizeBucket Nodes { get; init; }

    /// <summary>The minor version of the API server; null if it is not known, and then left out.</summary>
    public int? KubernetesMinor { get; init; }

    /// <summary>By default what this process runs on.</summary>
    public OperatingSystemKind OperatingSystem { get; init; } = Platform.System;

    /// <summary>By default what this process runs on.</summary>
    public CpuArchitecture Architecture { get; init; } = Platform.Architecture;

    public ChangeSources Changes { get; init; }
}
