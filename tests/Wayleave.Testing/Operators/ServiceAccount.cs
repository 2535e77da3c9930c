using System.Text;
using Cluster = Wayleave.Testing.ControlPlane.ControlPlane;

namespace Wayleave.Testing.Operators;

/// <summary>A separate identity for an operator, so that the audit log distinguishes replicas. It is a cluster admin.</summary>
/// <param name="User">The user name in the audit log.</param>
/// <param name="Token">A token that is valid for an hour.</param>
public sealed record ServiceAccount(string User, string Token)
{
    public static async Task<ServiceAccount> CreateAsync(
        Cluster plane, string @namespace, string name, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plane);
        await RunAsync("create", "serviceaccount", name, $"--namespace={@namespace}");
        await RunAsync("create", "clusterrolebinding", $"{@namespace}-{name}", "--clusterrole=cluster-admin", $"--serviceaccount={@namespace}:{name}");
        var token = await RunAsync("create", "token", name, $"--namespace={@namespace}", "--duration=1h");
        return new ServiceAccount($"system:serviceaccount:{@namespace}:{name}", token);

        async Task<string> RunAsync(params IReadOnlyList<string> arguments) =>
            (await plane.KubectlAsync(arguments, cancellationToken: cancellationToken)).EnsureSuccess().Output.Trim();
    }

    /// <summary>Writes a kubeconfig for this account, with the address of the API server or of a proxy.</summary>
    /// <param name="plane">The API server.</param>
    /// <param name="server">The address of a proxy. Null for none.</param>
    /// <param name="authority">The authority of the proxy, in PEM form. Null if the proxy does not terminate TLS.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The file, in the control plane's folder.</returns>
    public async Task<string> WriteKubeconfigAsync(Cluster plane, Uri? server = null, string? authority = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plane);
        authority = Convert.ToBase64String(Encoding.ASCII.GetBytes(authority ?? await plane.AuthorityAsync(cancellationToken)));
        var path = Path.Combine(plane.Directory, $"{Guid.NewGuid():N}.kubeconfig");
        await File.WriteAllTextAsync(
            path,
            $$$"""
            apiVersion: v1
            kind: Config
            current-context: own
            contexts: [{name: own, context: {cluster: own, user: own}}]
            clusters: [{name: own, cluster: {server: "{{{(server ?? plane.Server).GetLeftPart(UriPartial.Authority)}}}", certificate-authority-data: {{{authority}}}}}]
            users: [{name: own, user: {token: {{{Token}}}}}]
            """,
            cancellationToken);
        return path;
    }
}
