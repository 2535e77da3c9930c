using System.Collections.Concurrent;
using Wayleave.Kubernetes.Controllers;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Calls the function of a test with every key, and records the keys.</summary>
internal sealed class FakeReconciler(Func<NamespacedName, CancellationToken, Task<ReconciliationResult>> reconcile) : IReconciler<NamespacedName>
{
    private readonly ConcurrentQueue<string> _keys = new();

    public IReadOnlyList<string> Keys => [.. _keys];

    public Task<ReconciliationResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        _keys.Enqueue(key.Name);
        return reconcile(key, cancellationToken);
    }
}
