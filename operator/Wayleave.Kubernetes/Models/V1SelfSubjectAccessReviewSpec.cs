namespace Wayleave.Kubernetes.Models;

public sealed class V1SelfSubjectAccessReviewSpec
{
    public V1ResourceAttributes? ResourceAttributes { get; set; }
}
