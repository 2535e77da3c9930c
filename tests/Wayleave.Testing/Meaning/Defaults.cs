using Wayleave.Enforcement;

namespace Wayleave.Testing.Meaning;

/// <summary>The flags of the operator, which apply where no EnforcementPolicy does, and the version of Kubernetes.</summary>
public sealed record Defaults(EnforcementMode Mode, bool Egress)
{
    /// <summary>The operator's own namespace, which is a system namespace.</summary>
    public string OperatorNamespace { get; init; } = "wayleave-system";

    /// <summary>Whether exposed servers stay reachable from outside the cluster.</summary>
    public bool External { get; init; } = true;

    /// <summary>The minor version of Kubernetes.</summary>
    public int Minor { get; init; } = 36;

    /// <summary>Whether the API server stores <c>endPort</c>: since Kubernetes 1.22.</summary>
    public bool StoresPortRanges => Minor >= 22;

    /// <summary>Whether the API server serves CronJobs in <c>batch/v1</c>: since Kubernetes 1.21.</summary>
    public bool ServesCronJobs => Minor >= 21;

    public override string ToString() =>
        $"Kubernetes 1.{Minor}, mode {Mode}{(Egress ? " with egress" : "")}{(External ? "" : " without external traffic")}";
}
