namespace Wayleave.Enforcement.Governance;

/// <summary>What holds where no EnforcementPolicy says otherwise.</summary>
/// <param name="Mode">The operator's own mode.</param>
/// <param name="OperatorNamespace">Where the operator runs.</param>
/// <param name="Egress">Whether clients are restricted to what they declare.</param>
public sealed record GovernanceDefaults(EnforcementMode Mode, string OperatorNamespace, bool Egress = false)
{
    /// <summary>Namespaces that are system namespaces in every cluster; <c>*</c> stands for any characters.</summary>
    public static IReadOnlyList<string> KnownSystemNamespaces { get; } = ["kube-*", "openshift-*"];

    /// <summary>More system namespaces, as patterns.</summary>
    public IReadOnlyList<string> SystemNamespaces { get; init; } = [];

    /// <summary>Whether exposed servers stay reachable from outside the cluster.</summary>
    public bool External { get; init; } = true;

    /// <summary>More ports to allow for DNS.</summary>
    public IReadOnlyList<Policies.PolicyPort> DnsPorts { get; init; } = [];

    /// <summary>Whether servers in a namespace are left alone unless an EnforcementPolicy selects it by name.</summary>
    public bool IsSystem(string @namespace) =>
        @namespace == OperatorNamespace
        || KnownSystemNamespaces.Concat(SystemNamespaces).Any(pattern =>
            System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, @namespace, ignoreCase: false));
}
