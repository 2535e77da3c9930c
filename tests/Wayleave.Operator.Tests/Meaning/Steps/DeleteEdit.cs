using k8s;
using k8s.Models;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>Deletes an object. For one with finalizers, the first edit starts the deletion and the second one ends it.</summary>
internal sealed record DeleteEdit<TEntity>(string? Namespace, string Name) : Edit
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public override bool IsDrift => typeof(TEntity) == typeof(V1NetworkPolicy);

    public override string? Subject => PutEdit<TEntity>.SubjectOf(Namespace, Name);

    public override bool IsDelete => true;

    public override string ToString() => $"delete {typeof(TEntity).Name} {Namespace}/{Name}";

    protected override void MakeIn(FakeUser user)
    {
        var current = user.List<TEntity>().FirstOrDefault(entity => entity.Metadata.Name == Name && entity.Metadata.NamespaceProperty == Namespace);
        if (current?.Metadata.DeletionTimestamp is null)
        {
            user.Delete<TEntity>(Namespace, Name);
        }
        else if (current is V1Namespace)
        {
            user.EraseNamespace(Name);
        }
        else
        {
            user.Erase<TEntity>(Namespace, Name);
        }
    }
}
