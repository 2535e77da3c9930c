using System.Runtime.InteropServices;

namespace Wayleave.Telemetry.Profile;

/// <summary>What this process runs on.</summary>
internal static class Platform
{
    public static OperatingSystemKind System =>
        OperatingSystem.IsLinux() ? OperatingSystemKind.Linux
        : OperatingSystem.IsWindows() ? OperatingSystemKind.Windows
        : OperatingSystem.IsMacOS() ? OperatingSystemKind.MacOS
        : OperatingSystemKind.Other;

    public static CpuArchitecture Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        global::System.Runtime.InteropServices.Architecture.X64 => CpuArchitecture.Amd64,
        global::System.Runtime.InteropServices.Architecture.Arm64 => CpuArchitecture.Arm64,
        _ => CpuArchitecture.Other,
    };
}

/// <summary>Processor architectures.</summary>
public enum CpuArchitecture
{
    Other,
    Amd64,
    Arm64,
}

/// <summary>Operating systems.</summary>
public enum OperatingSystemKind
{
    Other,
    Linux,
    Windows,
    MacOS,
}
