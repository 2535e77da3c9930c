namespace Wayleave.Telemetry.Profile;

/// <summary>Operating systems that are told apart.</summary>
public enum OperatingSystemKind
{
    Other,
    Linux,
    Windows,
    MacOS,
}
