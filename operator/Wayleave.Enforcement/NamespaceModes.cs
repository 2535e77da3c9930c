using Wayleave.Api;

namespace Wayleave.Enforcement;

/// <summary>
/// The mode of every namespace: the operator's default, but Off for the namespaces that the cluster and the operator live on,
/// where a policy for one server could take everything down. Immutable.
/// </summary>
public sealed class NamespaceModes(EnforcementMode defaultMode, string operatorNamespace)
{
    /// <summary>The mode that holds for servers in <paramref name="namespace"/>.</summary>
    public NamespaceMode For(string @namespace) =>
        IsSystem(@namespace) ? new NamespaceMode(EnforcementMode.Off, Reasons.SystemNamespace) : NamespaceMode.Of(defaultMode);

    private bool IsSystem(string @namespace) =>
        @namespace is "kube-system" or "kube-public" or "kube-node-lease" || @namespace == operatorNamespace;
}
