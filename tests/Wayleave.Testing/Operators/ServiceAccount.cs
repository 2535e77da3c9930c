using System.Text;
using Cluster = Wayleave.Testing.ControlPlane.ControlPlane;

namespace Wayleave.Testing.Operators;

/// <summary>An identity of its own for an operator, so that the audit log tells replicas apart. It may do everything.</summary>
/// <param name="User">As the audit log has it.</param>
/// <param name="Token">Good for an hour.</param>
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

    /// <summary>Writes a kubeconfig for this account, by whatever way leads to the API server.</summary>
    /// <param name="plane">The API server.</param>
    /// <param name="server">Who stands before it; null for nobody.</param>
    /// <param name="authority">Of who stands before it, in PEM form; null if that does not end TLS.</param>
    /// <param name="cancellationToken">Ends the call.</param>
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
