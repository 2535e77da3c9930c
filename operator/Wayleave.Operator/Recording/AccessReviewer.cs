using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Operator.Recording;

/// <summary>Asks the API server who sends a request, and whether they may. Thread-safe.</summary>
/// <param name="client">It may create reviews on a standby too.</param>
internal sealed class AccessReviewer(IKubernetesClient client)
{
    /// <summary>
    /// The audience that tokens must have. A token for the API server does not have it, so that none has to be sent here.
    /// </summary>
    public const string Audience = "wayleave-events";

    /// <summary>Reviews a token, and whether its user may <c>get</c> a path.</summary>
    /// <exception cref="KubernetesException">The API server rejected a review.</exception>
    public async Task<AccessDecision> ReviewAsync(string token, string path, CancellationToken cancellationToken)
    {
        var review = new V1TokenReview { Spec = new V1TokenReviewSpec { Token = token, Audiences = [Audience] } };
        var status = (await client.CreateAsync(review, cancellationToken)).Status;
        if (status is not { Authenticated: true, User: { } user } || status.Audiences?.Contains(Audience) != true)
        {
            return AccessDecision.Unauthenticated;
        }

        var access = new V1SubjectAccessReview
        {
            Spec = new V1SubjectAccessReviewSpec
            {
                User = user.Username,
                Groups = user.Groups,
                Uid = user.Uid,
                Extra = user.Extra,
                NonResourceAttributes = new V1NonResourceAttributes { Path = path, Verb = "get" },
            },
        };
        return (await client.CreateAsync(access, cancellationToken)).Status is { Allowed: true }
            ? AccessDecision.Allowed
            : AccessDecision.Denied;
    }
}

/// <summary>Whether a request is answered.</summary>
internal enum AccessDecision
{
    /// <summary>The token is not valid for this audience.</summary>
    Unauthenticated,

    /// <summary>The user may not get the path.</summary>
    Denied,

    Allowed,
}
