using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Operator.Hosting;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>Creates or replaces an object.</summary>
internal sealed record PutEdit<TEntity>(TEntity Entity) : Edit
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public override bool IsDrift => Entity is V1NetworkPolicy;

    public override string? Subject => SubjectOf(Entity.Metadata.NamespaceProperty, Entity.Metadata.Name);

    public override IEnumerable<Edit> Smaller => Shrinking.Smaller(Entity).Select(entity => new PutEdit<TEntity>(entity));

    public static string SubjectOf(string? @namespace, string? name) => $"{typeof(TEntity).Name} {@namespace}/{name}";

    public override string ToString()
    {
        var definition = ApiClients.Registry.Get<TEntity>();
        var json = JsonSerializer.SerializeToNode(Entity, definition.Json)!.AsObject();
        json.Remove("apiVersion");
        json.Remove("kind");
        return $"put {definition.Entity.Kind} {json.ToJsonString()}";
    }

    protected override void MakeIn(FakeUser user) => user.Put(Entity);
}
