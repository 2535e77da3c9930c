namespace Wayleave.Telemetry.Profile;

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
