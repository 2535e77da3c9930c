namespace Wayleave.Kubernetes;

/// <summary>Whether objects of a kind live in a namespace.</summary>
public enum EntityScope
{
    Namespaced,
    Cluster,
}

/// <summary>Says the scope of a kind, beside the client library's <c>[KubernetesEntity]</c>. Without it a kind is namespaced.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class EntityScopeAttribute(EntityScope scope) : Attribute
{
    public EntityScope Scope { get; } = scope;
}
