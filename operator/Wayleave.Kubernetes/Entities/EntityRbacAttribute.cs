namespace Wayleave.Kubernetes;

/// <summary>What the class that carries this attribute asks of the API, so that RBAC can be generated from the code that needs it.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class EntityRbacAttribute(Type entity, RbacVerbs verbs) : Attribute
{
    public Type Entity { get; } = entity;

    public RbacVerbs Verbs { get; } = verbs;

    /// <summary>A subresource such as <c>status</c>; empty for the object itself.</summary>
    public string Subresource { get; set; } = "";

    /// <summary>True where the operator's own namespace is enough (a Role instead of a ClusterRole).</summary>
    public bool OwnNamespaceOnly { get; set; }
}
