using System.Security.Authentication;
using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Text;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Clusters;

/// <summary>Checks whether a member cluster can be used.</summary>
internal static class ClusterHealthCheck
{
    private const int MaxMessage = 300;
    private const int OldestMinor = 20;

    /// <summary>Checks version, permissions and served APIs before the first connection.</summary>
    /// <returns>The version, as Kubernetes spells it.</returns>
    /// <exception cref="ClusterException">The cluster cannot be used.</exception>
    public static Task<string> CheckConnectionAsync(IKubernetesClient client, CancellationToken cancellationToken) => TranslateErrorsAsync(
        async () =>
        {
            var version = await client.GetVersionAsync(cancellationToken);
            if (IsTooOld(version))
            {
                throw ClusterException.Failed(
                    Reasons.NotServed,
                    $"Kubernetes {Sanitize(version.GitVersion)} is not supported; upgrade the cluster to 1.{OldestMinor} or later");
            }

            if (await MemberPermissions.FirstMissingAsync(client, cancellationToken) is { } missing)
            {
                throw ClusterException.Failed(
                    Reasons.Forbidden,
                    $"the credentials lack the permission to {missing}; apply member-role.yaml of the chart in the cluster");
            }

            return await client.IsServedAsync<V1NetworkPolicy>(cancellationToken)
                ? version.GitVersion ?? ""
                : throw ClusterException.Failed(
                    Reasons.NotServed, "the API server does not serve networking.k8s.io/v1 NetworkPolicies; upgrade the cluster");
        });

    /// <summary>Checks whether the API server responds.</summary>
    /// <returns>The version, as Kubernetes spells it.</returns>
    /// <exception cref="ClusterException">It does not respond.</exception>
    public static Task<string> PingAsync(IKubernetesClient client, CancellationToken cancellationToken) =>
        TranslateErrorsAsync(async () => (await client.GetVersionAsync(cancellationToken)).GitVersion ?? "");

    /// <summary>The UID of kube-system, which identifies the cluster. Null if it does not exist.</summary>
    /// <exception cref="ClusterException">It cannot be read.</exception>
    public static async Task<string?> GetClusterUidAsync(IKubernetesClient client, CancellationToken cancellationToken) =>
        (await TranslateErrorsAsync(() => client.GetAsync<V1Namespace>("kube-system", null, cancellationToken)))?.Metadata.Uid;

    /// <summary>Translates errors of a request into a <see cref="ClusterException"/>.</summary>
    /// <exception cref="ClusterException">The request failed.</exception>
    public static async Task<T> TranslateErrorsAsync<T>(Func<Task<T>> question)
    {
        try
        {
            return await question();
        }
        catch (KubernetesException error)
        {
            throw CreateException(error);
        }
        catch (HttpRequestException error) when (error.InnerException is AuthenticationException)
        {
            throw ClusterException.Pending(
                Reasons.Unreachable,
                "the certificate of the API server does not match the certificate authority or server name of the kubeconfig;"
                    + " correct certificate-authority-data, server or tls-server-name");
        }
        catch (HttpRequestException error)
        {
            throw ClusterException.Pending(Reasons.Unreachable, $"the API server cannot be reached ({error.HttpRequestError})");
        }
        catch (TimeoutException)
        {
            throw ClusterException.Pending(Reasons.Unreachable, "the API server does not respond in time");
        }
        catch (LimitExceededException error)
        {
            throw ClusterException.Failed(Reasons.TooLarge, error.Message);
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            throw ClusterException.Pending(Reasons.Unreachable, "the server does not respond like a Kubernetes API server");
        }
    }

    private static ClusterException CreateException(KubernetesException error) => (int)error.StatusCode switch
    {
        401 => ClusterException.Failed(Reasons.Unauthorized, "the API server rejects the credentials; renew them in the Secret"),
        403 =>
            ClusterException.Failed(
                Reasons.Forbidden,
                $"the credentials lack a permission: {Sanitize(error.Status.Message)}; apply member-role.yaml of the chart in the cluster"),
        >= 500 => ClusterException.Pending(Reasons.Unreachable, "the API server returns server errors (5xx)"),
        _ => ClusterException.Pending(Reasons.Unreachable, $"the API server returns the unexpected status {(int)error.StatusCode}"),
    };

    private static bool IsTooOld(VersionInfo version) => version.Major == "1" && ApiCapabilities.ParseMinor(version) < OldestMinor;

    // Text from another cluster is untrusted.
    private static string Sanitize(string? text) => TextSanitizer.Truncate(TextSanitizer.Sanitize(text ?? ""), MaxMessage);
}
