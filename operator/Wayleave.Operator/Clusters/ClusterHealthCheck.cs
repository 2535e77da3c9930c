using System.Globalization;
using System.Security.Authentication;
using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Text;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Operator.Clusters;

/// <summary>Checks whether a member cluster can be used.</summary>
internal static class ClusterHealthCheck
{
    private const int MaxMessage = 300;
    private const int OldestMinor = 20;

    /// <summary>Checks version, permissions and served APIs before the first connection.</summary>
    /// <returns>The version, as Kubernetes spells it.</returns>
    /// <exception cref="ClusterException">It cannot be worked in.</exception>
    public static Task<string> CheckConnectionAsync(IKubernetesClient client, CancellationToken cancellationToken) => TranslateErrorsAsync(
        async () =>
        {
            var version = await client.GetVersionAsync(cancellationToken);
            if (IsTooOld(version))
            {
                throw ClusterException.Failed(
                    Reasons.NotServed,
                    $"it is Kubernetes {Sanitize(version.GitVersion)}, and 1.{OldestMinor} is the oldest that is supported (upgrade it)");
            }

            if (await MemberPermissions.FirstMissingAsync(client, cancellationToken) is { } missing)
            {
                throw ClusterException.Failed(
                    Reasons.Forbidden, $"the credentials may not {missing}; give them the rules of member-role.yaml");
            }

            return await client.IsServedAsync<V1NetworkPolicy>(cancellationToken)
                ? version.GitVersion ?? ""
                : throw ClusterException.Failed(Reasons.NotServed, "it serves no networking.k8s.io/v1 NetworkPolicies");
        });

    /// <summary>Checks whether the API server responds.</summary>
    /// <returns>The version, as Kubernetes spells it.</returns>
    /// <exception cref="ClusterException">It is not.</exception>
    public static Task<string> PingAsync(IKubernetesClient client, CancellationToken cancellationToken) =>
        TranslateErrorsAsync(async () => (await client.GetVersionAsync(cancellationToken)).GitVersion ?? "");

    /// <summary>The UID of kube-system, which identifies the cluster. Null if it does not exist.</summary>
    /// <exception cref="ClusterException">It cannot be read.</exception>
    public static async Task<string?> GetClusterUidAsync(IKubernetesClient client, CancellationToken cancellationToken) =>
        (await TranslateErrorsAsync(() => client.GetAsync<V1Namespace>("kube-system", null, cancellationToken)))?.Metadata.Uid;

    /// <summary>Translates errors of a request into a <see cref="ClusterException"/>.</summary>
    /// <exception cref="ClusterException">Something did.</exception>
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
            throw ClusterException.Pending(Reasons.Unreachable, "its certificate does not match the certificate authority or server name of the kubeconfig; correct certificate-authority-data, server or tls-server-name");
        }
        catch (HttpRequestException error)
        {
            throw ClusterException.Pending(Reasons.Unreachable, $"it cannot be reached ({error.HttpRequestError})");
        }
        catch (TimeoutException)
        {
            throw ClusterException.Pending(Reasons.Unreachable, "it does not answer in time");
        }
        catch (LimitExceededException error)
        {
            throw ClusterException.Failed(Reasons.TooLarge, error.Message);
        }
        catch (Exception error) when (error is JsonException or InvalidDataException)
        {
            throw ClusterException.Pending(Reasons.Unreachable, "it does not respond like an API server");
        }
    }

    private static ClusterException CreateException(KubernetesException error) => (int)error.StatusCode switch
    {
        401 => ClusterException.Failed(Reasons.Unauthorized, "it rejects the credentials; renew them in the Secret"),
        403 =>
            ClusterException.Failed(
                Reasons.Forbidden,
                $"the credentials lack a permission: {Sanitize(error.Status.Message)}; give them the rules of member-role.yaml"),
        >= 500 => ClusterException.Pending(Reasons.Unreachable, "it returns server errors (5xx)"),
        _ => ClusterException.Pending(Reasons.Unreachable, $"it answers with {(int)error.StatusCode}"),
    };

    private static bool IsTooOld(VersionInfo version) =>
        version.Major == "1"
        && int.TryParse(version.Minor?.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
        && minor < OldestMinor;

    // Text from another cluster is untrusted.
    private static string Sanitize(string? text) => TextSanitizer.Truncate(TextSanitizer.Sanitize(text ?? ""), MaxMessage);
}
