using k8s;
using k8s.Models;
using Microsoft.Extensions.Primitives;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Hosting;

/// <summary>Asks the API server who sends a request, and what they may do. Thread-safe.</summary>
/// <param name="client">It may create reviews on a standby too.</param>
/// <param name="audience">
/// The audience that tokens must have. A token for the API server does not have it, so that none has to be sent here.
/// </param>
public sealed class AccessReviewer(IKubernetesClient client, string audience)
{
    private const string Scheme = "Bearer ";

    /// <summary>The bearer token of a header <c>Authorization</c>. Null if there is none.</summary>
    public static string? FindToken(StringValues authorization) =>
        authorization is [{ } value] && value.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) && value.Length > Scheme.Length
            ? value[Scheme.Length..]
            : null;

    /// <summary>The user of a token. Null if the token is not valid for the audience.</summary>
    /// <exception cref="KubernetesException">The API server rejected the review.</exception>
    public async Task<V1UserInfo?> ReviewAsync(string token, CancellationToken cancellationToken)
    {
        var review = new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token, Audiences = [audience] } };
        var status = (await client.CreateAsync(review, cancellationToken)).Status;
        return status is { Authenticated: true, User: { Username.Length: > 0 } user } && status.Audiences?.Contains(audience) == true
            ? user
            : null;
    }

    /// <summary>Whether a user may do something with a resource.</summary>
    /// <exception cref="KubernetesException">The API server rejected the review.</exception>
    public Task<bool> IsAllowedAsync(V1UserInfo user, V1ResourceAttributes resource, CancellationToken cancellationToken) =>
        IsAllowedAsync(user, new V1SubjectAccessReviewSpec { ResourceAttributes = resource }, cancellationToken);

    /// <summary>Whether a user may do something with a path.</summary>
    /// <exception cref="KubernetesException">The API server rejected the review.</exception>
    public Task<bool> IsAllowedAsync(V1UserInfo user, V1NonResourceAttributes path, CancellationToken cancellationToken) =>
        IsAllowedAsync(user, new V1SubjectAccessReviewSpec { NonResourceAttributes = path }, cancellationToken);

    private async Task<bool> IsAllowedAsync(V1UserInfo user, V1SubjectAccessReviewSpec access, CancellationToken cancellationToken)
    {
        (access.User, access.Groups, access.Uid, access.Extra) = (user.Username, user.Groups, user.Uid, user.Extra);
        return (await client.CreateAsync(new V1SubjectAccessReview { Spec = access }, cancellationToken)).Status is { Allowed: true };
    }
}
