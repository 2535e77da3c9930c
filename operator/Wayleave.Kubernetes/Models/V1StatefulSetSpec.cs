namespace Wayleave.Kubernetes.Models;

public sealed class V1StatefulSetSpec
{
    public V1LabelSelector? Selector { get; set; }

    public V1PodTemplateSpec? Template { get; set; }
}
