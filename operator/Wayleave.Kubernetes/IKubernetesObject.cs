namespace Wayleave.Kubernetes;

/// <summary>Anything that carries <c>apiVersion</c> and <c>kind</c>.</summary>
public interface IKubernetesObject
{
    /// <summary>Group and version, e.g. <c>apps/v1</c>. The API server leaves it out of list items.</summary>
    string? ApiVersion { get; set; }

    string? Kind { get; set; }
}
