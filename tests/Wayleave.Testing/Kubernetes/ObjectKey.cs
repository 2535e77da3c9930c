using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Testing.Kubernetes;

/// <summary>Where a <see cref="FakeCluster"/> keeps an object. The namespace is empty for what has none.</summary>
internal readonly record struct ObjectKey(string Resource, string Namespace, string Name)
{
    public static ObjectKey Of<TEntity>(EntityDefinition<TEntity> definition, string? @namespace, string? name)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        new(definition.Entity.PluralName, @namespace ?? "", name ?? throw new InvalidOperationException("An object needs a name."));

    public override string ToString() => $"{Resource} {Namespace}/{Name}";
}
