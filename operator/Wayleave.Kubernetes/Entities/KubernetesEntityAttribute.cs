namespace Wayleave.Kubernetes;

/// <summary>Where the API serves objects of the class that carries this attribute.</summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class KubernetesEntityAttribute : Attribute
{
    /// <summary>The API group; empty for the core group.</summary>
    public string Group { get; set; } = "";

    public string ApiVersion { get; set; } = "v1";

    public string Kind { get; set; } = "";

    /// <summary>The resource name in URLs, lower case and plural.</summary>
    public string PluralName { get; set; } = "";

    public EntityScope Scope { get; set; }
}
