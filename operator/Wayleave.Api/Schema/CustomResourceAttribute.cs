namespace Wayleave.Api.Schema;

/// <summary>Marks a class that a CRD is generated from.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class CustomResourceAttribute(string shortName) : Attribute
{
    /// <summary>What one types after <c>kubectl get</c>.</summary>
    public string ShortName { get; } = shortName;
}
