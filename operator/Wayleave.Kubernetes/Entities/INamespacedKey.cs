namespace Wayleave.Kubernetes;

/// <summary>A work queue's key that can be told to people.</summary>
public interface INamespacedKey
{
    /// <summary>Empty for what has no namespace.</summary>
    string Namespace { get; }

    string Name { get; }
}
