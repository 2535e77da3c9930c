using System.Security.Cryptography;
using System.Text;
using Wayleave.Enforcement.Policies;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Clusters;

/// <summary>
/// Which installation of Wayleave this process belongs to: the cluster that it runs in and its own namespace. Replicas and later versions
/// of a Helm release are one installation; operators in two namespaces are two, whatever cluster they write to.
/// </summary>
internal sealed class Installation(OperatorOptions options)
{
    private const string PolicySalt = "wayleave.dev/installation/v1";
    private const string ClusterSalt = "wayleave.dev/cluster/v1";
    private const int DigestBytes = 16;

    private volatile PolicyOwner? _owner;

    /// <summary>
    /// The UID of kube-system in the operator's own cluster. Null before <see cref="SetClusterUid"/>. It is compared and never shown.
    /// </summary>
    public string? ClusterUid { get; private set; }

    /// <summary>Which policies this installation owns, here and in member clusters.</summary>
    /// <exception cref="InvalidOperationException"><see cref="SetClusterUid"/> was not called yet.</exception>
    public PolicyOwner Owner => _owner ?? throw new InvalidOperationException("The installation has not been identified yet.");

    /// <summary>The operator's own namespace.</summary>
    public string Namespace => options.Namespace;

    /// <summary>The field manager of the one condition that this installation adds to statuses of another installation.</summary>
    public string OwnershipFieldManager => $"wayleave-{Owner.Installation[..8]}";

    /// <summary>Sets the identity. Called once, before anything is read into the caches.</summary>
    public void SetClusterUid(string clusterUid)
    {
        ClusterUid = clusterUid;
        _owner = new PolicyOwner(ComputeMark(clusterUid, options.Namespace));
    }

    /// <summary>
    /// The mark of an installation. It cannot be turned back into the UID, nor be matched to what telemetry makes of the same UID, which
    /// has another salt.
    /// </summary>
    public static string ComputeMark(string clusterUid, string @namespace) => Digest($"{PolicySalt}\n{clusterUid}\n{@namespace}");

    /// <summary>What a Cluster's status shows of the identity of the cluster that it leads to.</summary>
    public static string ComputeClusterIdentity(string clusterUid) => Digest($"{ClusterSalt}\n{clusterUid}");

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, DigestBytes));
}
