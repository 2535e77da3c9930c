namespace Wayleave.Operator.Permissions;

/// <summary>What a permission is for; without that, the chart does not ask for it.</summary>
internal enum PermissionUse
{
    Always,
    LeaderElection,
    Clusters,
    Telemetry,
    Usage,
}
