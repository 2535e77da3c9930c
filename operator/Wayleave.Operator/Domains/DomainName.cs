using Wayleave.Kubernetes;

namespace Wayleave.Operator.Domains;

/// <summary>A DNS name as a work queue's key.</summary>
internal readonly record struct DomainName(string Name) : INamespacedKey
{
    /// <inheritdoc/>
    public string Namespace => "";

    public override string ToString() => Name;
}
