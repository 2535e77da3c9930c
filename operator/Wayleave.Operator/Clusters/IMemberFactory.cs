namespace Wayleave.Operator.Clusters;

/// <summary>Makes what a member cluster has of its own.</summary>
internal interface IMemberFactory
{
    /// <summary>Sends nothing yet.</summary>
    MemberConnection Connect(ClusterCredentials credentials);

    /// <summary>Puts a member together; it does nothing until it is started, and closes the connection when it is disposed.</summary>
    MemberCluster Create(string name, string? uid, ClusterCredentials credentials, MemberConnection connection);
}
