namespace Wayleave.Testing.Kubernetes;

/// <summary>The key of an object in a <see cref="FakeCluster"/>. The namespace is empty for a cluster-scoped object.</summary>
internal readonly record struct ObjectKey(string Resource, string Namespace, string Name)
{
    public override string ToString() => $"{Resource} {Namespace}/{Name}";
}
