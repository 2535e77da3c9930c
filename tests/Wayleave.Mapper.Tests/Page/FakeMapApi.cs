using System.Net;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Mapper.Tests.Page;

/// <summary>An API server that reviews tokens and rights, and lists what it was given, two objects a page.</summary>
internal sealed class FakeMapApi : FakeKubernetesClient
{
    private const int PageSize = 2;

    private readonly Dictionary<string, (string User, string Audience)> _tokens = new(StringComparer.Ordinal);
    private readonly HashSet<(string User, string Resource, string? Namespace)> _rights = [];
    private int _reviews;

    public List<IKubernetesObject<V1ObjectMeta>> Objects { get; } = [];

    public int Reviews => _reviews;

    /// <summary>Why the API server answers nothing. Null while it does.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Why it lists nothing of a kind.</summary>
    public Dictionary<Type, Exception> ListFailures { get; } = [];

    /// <summary>Called when a list begins.</summary>
    public Action? Listing { get; set; }

    /// <summary>Lists wait for it.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public void Allow(string token, string user, string audience = "wayleave-map") => _tokens[token] = (user, audience);

    public void Grant(string user, string? @namespace, params IReadOnlyList<string> resources) =>
        _rights.UnionWith(resources.Select(resource => (user, resource, @namespace)));

    public void Revoke(string user) => _rights.RemoveWhere(right => right.User == user);

    public override Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
    {
        if (Failure is not null)
        {
            throw Failure;
        }

        switch (entity)
        {
            case V1TokenReview review:
                Interlocked.Increment(ref _reviews);
                review.Status = _tokens.TryGetValue(review.Spec.Token!, out var known) && review.Spec.Audiences!.Contains(known.Audience)
                    ? new V1TokenReviewStatus { Authenticated = true, Audiences = [known.Audience], User = new V1UserInfo { Username = known.User } }
                    : new V1TokenReviewStatus { Authenticated = false };
                break;
            case V1SubjectAccessReview { Spec: { ResourceAttributes: { Verb: "list", Group: "wayleave.dev" } resource } } review:
                review.Status = new V1SubjectAccessReviewStatus
                {
                    Allowed = _rights.Contains((review.Spec.User!, resource.Resource!, null))
                        || _rights.Contains((review.Spec.User!, resource.Resource!, resource.NamespaceProperty)),
                };
                break;
            default:
                throw new NotSupportedException();
        }

        return Task.FromResult(entity);
    }

    public override async Task<KubernetesList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
    {
        Listing?.Invoke();
        await Gate.WaitAsync(cancellationToken);
        if ((Failure ?? ListFailures.GetValueOrDefault(typeof(TEntity))) is { } failure)
        {
            throw failure;
        }

        var start = options.ContinueToken is { } token ? int.Parse(token, System.Globalization.CultureInfo.InvariantCulture) : 0;
        List<TEntity> all =
        [
            .. Objects.OfType<TEntity>().Where(one => options.Namespace is null || one.Metadata.NamespaceProperty == options.Namespace),
        ];
        return new KubernetesList<TEntity>([.. all.Skip(start).Take(PageSize)])
        {
            Metadata = new V1ListMeta { ContinueProperty = all.Count > start + PageSize ? $"{start + PageSize}" : null },
        };
    }

    public override Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken) => Task.FromResult(true);

    public static KubernetesException Forbidden(string message) =>
        ApiErrors.Create(new V1Status { Code = 403, Reason = "Forbidden", Message = message }, HttpStatusCode.Forbidden);
}
