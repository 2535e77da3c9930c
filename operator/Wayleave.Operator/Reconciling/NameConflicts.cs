using System.Collections.Concurrent;
using Wayleave.Enforcement;
using Wayleave.Kubernetes;

namespace Wayleave.Operator.Reconciling;

/// <summary>Policy names that our policies need and that other owners use. When such a policy is deleted, ours can be created.</summary>
internal sealed class NameConflicts
{
    private readonly ConcurrentDictionary<NamespacedName, PolicyKey> _names = new();

    public void Add(NamespacedName policy, PolicyKey server) => _names[policy] = server;

    public void Clear() => _names.Clear();

    /// <summary>Removes and returns the server that waits for the name. Null if there is none.</summary>
    public PolicyKey? TryRemove(NamespacedName policy) => _names.TryRemove(policy, out var server) ? server : null;
}
