namespace Wayleave.Telemetry.Profile;

/// <summary>Processor architectures that are told apart.</summary>
public enum CpuArchitecture
{
    Other,
    Amd64,
    Arm64,
}
