namespace Wayleave.Kubernetes.Models;

public sealed class V1CronJobSpec
{
    public V1JobTemplateSpec? JobTemplate { get; set; }
}
