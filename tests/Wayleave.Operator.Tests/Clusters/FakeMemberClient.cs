using k8s.Models;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Clusters;

/// <summary>An API server of some version, with some rights and some kinds.</summary>
internal sealed class FakeMemberClient(string major, string minor) : FakeKubernetesClient
{
    /// <summary>What is not allowed, as verb and resource.</summary>
    public string? Forbidden { get; init; }

    public bool ServesPolicies { get; init; } = true;

    /// <summary>What was asked for, as verb, resource and group.</summary>
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
