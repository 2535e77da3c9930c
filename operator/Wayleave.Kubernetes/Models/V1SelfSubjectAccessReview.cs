namespace Wayleave.Kubernetes.Models;

[KubernetesEntity(
    Group = "authorization.k8s.io", ApiVersion = "v1", Kind = "SelfSubjectAccessReview", PluralName = "selfsubjectaccessreviews", Scope = EntityScope.Cluster)]
public sealed class V1SelfSubjectAccessReview : IKubernetesObject<V1ObjectMeta>
{
    public string? ApiVersion { get; set; }

    public string? Kind { get; set; }

    public V1ObjectMeta Metadata { get; set; } = new();

    public V1SelfSubjectAccessReviewSpec? Spec { get; set; }

    public V1SubjectAccessReviewStatus? Status { get; set; }
}
