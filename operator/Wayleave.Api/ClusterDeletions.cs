namespace Wayleave.Api;

/// <summary>What happens to the policies in a member cluster when its Cluster is deleted.</summary>
public static class ClusterDeletions
{
    /// <summary>They are removed first.</summary>
    public const string Cleanup = "Cleanup";

    /// <summary>They stay in force.</summary>
    public const string Orphan = "Orphan";
}
