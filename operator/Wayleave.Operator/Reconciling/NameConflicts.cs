using System.Collections.Concurrent;
using Wayleave.Enforcement;
using Wayleave.Kubernetes;

namespace Wayleave.Operator.Reconciling;

/// <summary>Names of policies that ours should have and that belong to somebody else, so that their going away is noticed.</summary>
internal sealed class NameConflicts
{
    private readonly ConcurrentDictionary<NamespacedName, PolicyKey> _names = new();

    public void Add(NamespacedName policy, PolicyKey server) => _names[policy] = server;

    public void Clear() => _names.Clear();

    /// <summary>Removes and returns the server that waits for the name. Null if there is none.</summary>
    public PolicyKey? Take(NamespacedName policy) => _names.TryRemove(policy, out var server) ? server : null;
}
