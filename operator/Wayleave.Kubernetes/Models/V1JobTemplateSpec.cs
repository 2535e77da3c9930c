namespace Wayleave.Kubernetes.Models;

public sealed class V1JobTemplateSpec
{
    public V1JobSpec? Spec { get; set; }
}
