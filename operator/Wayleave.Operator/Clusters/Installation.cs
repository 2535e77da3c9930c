using System.Security.Cryptography;
using System.Text;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Clusters;

/// <summary>Which cluster this operator runs in, and how it marks its policies in others.</summary>
internal sealed class Installation(ClusterCache local)
{
    private const string Salt = "wayleave.dev/installation/v1";

    /// <summary>The UID of kube-system here. Compared, and never told. Null before it was seen.</summary>
    public string? Uid => UidOf(local);

    /// <summary>
    /// A digest that cannot be turned back, nor be matched to what telemetry makes of the same UID: it is salted with another salt.
    /// </summary>
    /// <exception cref="ClusterException">kube-system was not seen yet.</exception>
    public PolicyOwner RequireOwner() => Uid is { } uid
        ? new PolicyOwner(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Salt}\n{uid}")).AsSpan(0, 16)))
        : throw ClusterException.Pending(Reasons.Connecting, "the operator's own cluster has no kube-system yet");

    public static string? UidOf(ClusterCache cache) => cache.Namespaces.Store.Get(new NamespacedName("", "kube-system"))?.Metadata.Uid;
}
