using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Mapper.Tests.Ingestion;

/// <summary>An API server that reviews the tokens it was given, and keeps Secrets and ConfigMaps.</summary>
internal sealed class FakeReviewer : FakeKubernetesClient
{
    public const string Namespace = "wayleave";
    public const string SensorNamespace = "wayleave-sensor";
    public const string SensorUser = $"system:serviceaccount:{SensorNamespace}:sensor";

    private readonly Dictionary<string, V1TokenReviewStatus> _tokens = new(StringComparer.Ordinal);
    private int _reviews;

    public FakeReviewer()
    {
        foreach (var name in new[] { Namespace, SensorNamespace })
        {
            Cluster.User.Put(new V1Namespace { Metadata = new() { Name = name } });
        }
    }

    public FakeCluster Cluster { get; } = new(
        EntityRegistry.Create().Add<V1Secret>().Add<V1ConfigMap>().Add<V1Namespace>(EntityScope.Cluster), "wayleave-mapper");

    public int Reviews => _reviews;

    public V1TokenReview? Last { get; private set; }

    /// <summary>Why the API server answers nothing. Null while it does.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Called before a write. May throw to refuse it.</summary>
    public Action<object>? BeforeWrite { get; set; }

    /// <summary>Makes a token valid for the sensor in a Pod.</summary>
    public void Allow(string token, Guid pod, string? node = null, string user = SensorUser, string audience = "wayleave-mapper")
    {
        var extra = new Dictionary<string, IList<string>>
        {
            ["authentication.kubernetes.io/pod-name"] = ["sensor-x"],
            ["authentication.kubernetes.io/pod-uid"] = [pod.ToString()],
        };
        if (node is not null)
        {
            extra["authentication.kubernetes.io/node-name"] = [node];
        }

        _tokens[token] = new V1TokenReviewStatus
        {
            Authenticated = true,
            Audiences = [audience],
            User = new V1UserInfo { Username = user, Extra = extra },
        };
    }

    public V1TokenReviewStatus StatusOf(string token) => _tokens[token];

    public void Revoke(string token) => _tokens.Remove(token);

    public override async Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
    {
        if (entity is not V1TokenReview review)
        {
            BeforeWrite?.Invoke(entity);
            return await Cluster.CreateAsync(entity, cancellationToken);
        }

        Interlocked.Increment(ref _reviews);
        Last = review;
        if (Failure is { } failure)
        {
            throw failure;
        }

        review.Status = _tokens.GetValueOrDefault(review.Spec.Token!) ?? new V1TokenReviewStatus { Authenticated = false };
        return entity;
    }

    public override Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
        where TEntity : class => Failure is null ? Cluster.GetAsync<TEntity>(name, @namespace, cancellationToken) : throw Failure;

    public override Task<TEntity> PatchAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
    {
        BeforeWrite?.Invoke(patch);
        return Cluster.PatchAsync<TEntity>(name, @namespace, patch, cancellationToken);
    }
}
