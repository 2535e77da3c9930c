namespace Wayleave.Testing.Kubernetes;

/// <summary>Where a <see cref="FakeCluster"/> keeps an object. The namespace is empty for what has none.</summary>
internal readonly record struct ObjectKey(string Resource, string Namespace, string Name)
{
    public override string ToString() => $"{Resource} {Namespace}/{Name}";
}
