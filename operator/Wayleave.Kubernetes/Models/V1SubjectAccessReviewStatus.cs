namespace Wayleave.Kubernetes.Models;

public sealed class V1SubjectAccessReviewStatus
{
    public bool Allowed { get; set; }
}
