using k8s.Models;
using Wayleave.Kubernetes.Controllers;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Records its calls (<c>reconcile a/1</c>, <c>deleted a/1</c>: name and UID) and returns the results that a test sets.</summary>
internal sealed class FakeEntityController : IEntityController<V1ConfigMap>
{
    public List<string> Calls { get; } = [];

    public ReconciliationResult Reconciled { get; set; } = ReconciliationResult.Done;

    public Func<V1ConfigMap, ReconciliationResult> Deleted { get; set; } = _ => ReconciliationResult.Done;

    public Task<ReconciliationResult> ReconcileAsync(V1ConfigMap entity, CancellationToken cancellationToken)
    {
        Calls.Add($"reconcile {entity.Metadata.Name}/{entity.Metadata.Uid}");
        return Task.FromResult(Reconciled);
    }

    public Task<ReconciliationResult> DeletedAsync(V1ConfigMap entity, CancellationToken cancellationToken)
    {
        Calls.Add($"deleted {entity.Metadata.Name}/{entity.Metadata.Uid}");
        return Task.FromResult(Deleted(entity));
    }
}
