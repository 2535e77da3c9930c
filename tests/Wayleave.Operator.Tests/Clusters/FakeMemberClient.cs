using k8s.Models;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Clusters;

/// <summary>A member's API server with a given version, a forbidden permission, and with or without NetworkPolicies.</summary>
internal sealed class FakeMemberClient(string major, string minor) : FakeKubernetesClient
{
    /// <summary>The permission that is denied, as verb and resource. Null for none.</summary>
    public string? Forbidden { get; init; }

    public bool ServesPolicies { get; init; } = true;

    /// <summary>The permissions that were checked, as verb, resource and group.</summary>
    public List<string> Asked { get; } = [];

    public override Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new VersionInfo { Major = major, Minor = minor, GitVersion = $"v{major}.{minor}.0" });

    public override Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken) => Task.FromResult(ServesPolicies);

    public override Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
    {
        var review = (V1SelfSubjectAccessReview)(object)entity;
        var asked = review.Spec!.ResourceAttributes!;
        Asked.Add($"{asked.Verb} {asked.Resource}.{asked.Group}".TrimEnd('.'));
        review.Status = new V1SubjectAccessReviewStatus { Allowed = $"{asked.Verb} {asked.Resource}" != Forbidden };
        return Task.FromResult(entity);
    }
}
