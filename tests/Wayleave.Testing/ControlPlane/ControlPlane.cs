using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// A real Kubernetes API server for one test or test collection: a new one, or the cluster of the kubeconfig in
/// <c>WAYLEAVE_E2E_KUBECONFIG</c>. Thread-safe.
/// </summary>
[SuppressMessage("Design", "MA0049:Type name should not match containing namespace", Justification = "It is what the folder is about")]
public sealed class ControlPlane : IAsyncDisposable
{
    private readonly ClusterProcess? _cluster;
    private readonly ClusterTools _tools;

    private ControlPlane(ClusterProcess? cluster, ClusterTools tools, string directory, string kubeconfig, Uri server)
    {
        _cluster = cluster;
        _tools = tools;
        Directory = directory;
        KubeconfigPath = kubeconfig;
        Server = server;
    }

    /// <summary>The kubeconfig of a cluster admin. It needs no other files if the control plane is a new one.</summary>
    public string KubeconfigPath { get; }

    public Uri Server { get; }

    public required ServerVersion Version { get; init; }

    /// <summary>A folder for this cluster, which is deleted with it.</summary>
    public string Directory { get; }

    /// <summary>The file to read with <see cref="AuditLog"/>. Null without <see cref="ControlPlaneOptions.Audit"/>.</summary>
    public string? AuditLogPath { get; private init; }

    /// <summary>Whether the cluster existed before, so that it cannot be stopped and may contain other objects.</summary>
    public bool IsExternal => _cluster is null;

    /// <summary>
    /// Starts or connects to a control plane, and returns when it serves and its controllers work. That takes seconds, or minutes the first time on a
    /// machine, when its programs are built.
    /// </summary>
    /// <exception cref="InvalidOperationException">It did not start; the message has the end of the log.</exception>
    public static async Task<ControlPlane> StartAsync(ControlPlaneOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new ControlPlaneOptions();
        var directory = System.IO.Directory.CreateTempSubdirectory("wayleave-").FullName;
        try
        {
            return options.ExternalKubeconfig is { Length: > 0 } kubeconfig
                ? await ConnectAsync(cluster: null, directory, kubeconfig, audit: null, cancellationToken)
                : await StartOwnAsync(directory, options, cancellationToken);
        }
        catch
        {
            DeleteIfThere(directory);
            throw;
        }
    }

    /// <summary>The version of the API server that <see cref="StartAsync"/> uses, such as <c>Kubernetes v1.36.2</c>.</summary>
    /// <exception cref="InvalidOperationException">It cannot be read; the message says why.</exception>
    public static Task<string> ReadServerVersionAsync(CancellationToken cancellationToken = default) => Scripts.ServerVersionAsync(cancellationToken);

    /// <summary>Kills the API server: open connections break, new ones are refused.</summary>
    /// <exception cref="NotSupportedException">The cluster is external; so for every member that follows.</exception>
    public Task StopApiServerAsync(CancellationToken cancellationToken = default) => CommandAsync("stop apiserver", cancellationToken);

    /// <summary>Stops the API server gracefully: it answers requests in progress first.</summary>
    public Task EndApiServerAsync(CancellationToken cancellationToken = default) => CommandAsync("end apiserver", cancellationToken);

    /// <summary>The address of etcd. Its JSON gateway is below <c>/v3</c>.</summary>
    public async Task<Uri> EtcdAddressAsync(CancellationToken cancellationToken = default) => new(await CommandAsync("address etcd", cancellationToken));

    /// <summary>Starts the API server again with the same address and data, and returns when it is ready.</summary>
    public Task StartApiServerAsync(CancellationToken cancellationToken = default) => CommandAsync("start apiserver", cancellationToken);

    /// <summary>Freezes the API server: it keeps and accepts connections, and answers nothing.</summary>
    public Task PauseApiServerAsync(CancellationToken cancellationToken = default) => CommandAsync("pause apiserver", cancellationToken);

    public Task ResumeApiServerAsync(CancellationToken cancellationToken = default) => CommandAsync("resume apiserver", cancellationToken);

    /// <summary>Kills etcd: the API server answers from its cache and fails other requests.</summary>
    public Task StopEtcdAsync(CancellationToken cancellationToken = default) => CommandAsync("stop etcd", cancellationToken);

    public Task StartEtcdAsync(CancellationToken cancellationToken = default) => CommandAsync("start etcd", cancellationToken);

    public Task PauseEtcdAsync(CancellationToken cancellationToken = default) => CommandAsync("pause etcd", cancellationToken);

    public Task ResumeEtcdAsync(CancellationToken cancellationToken = default) => CommandAsync("resume etcd", cancellationToken);

    /// <summary>
    /// Compacts all older revisions of etcd. The API server's own cache keeps them: restart the API server to get 410 Gone for an older watch or
    /// <c>continue</c> token.
    /// </summary>
    public Task CompactAsync(CancellationToken cancellationToken = default) => CommandAsync("compact", cancellationToken);

    /// <summary>The authority of its certificate, in PEM form.</summary>
    public async Task<string> AuthorityAsync(CancellationToken cancellationToken = default)
    {
        string[] query = ["config", "view", "--raw", "--minify", "--output=jsonpath={.clusters[0].cluster.certificate-authority-data}"];
        return Encoding.ASCII.GetString(Convert.FromBase64String((await KubectlAsync(query, cancellationToken: cancellationToken)).EnsureSuccess().Output.Trim()));
    }

    /// <summary>Runs kubectl against this cluster. A failure is in the result, not thrown.</summary>
    public Task<ProcessResult> KubectlAsync(
        IReadOnlyList<string> arguments, string? input = null, CancellationToken cancellationToken = default) =>
        _tools.RunAsync("kubectl", arguments, input, cancellationToken);

    /// <summary>Runs helm against this cluster. A failure is in the result, not thrown.</summary>
    public Task<ProcessResult> HelmAsync(
        IReadOnlyList<string> arguments, string? input = null, CancellationToken cancellationToken = default) =>
        _tools.RunAsync("helm", arguments, input, cancellationToken);

    /// <summary>Runs a shell script that calls kubectl or helm against this cluster. A failure is in the result, not thrown.</summary>
    public Task<ProcessResult> ScriptAsync(string script, IReadOnlyList<string> arguments, CancellationToken cancellationToken = default) =>
        _tools.RunScriptAsync(script, arguments, cancellationToken);

    /// <summary>Writes a kubeconfig with another address of this server, such as that of a <see cref="TcpProxy"/>.</summary>
    /// <returns>The file, in <see cref="Directory"/>.</returns>
    public async Task<string> WriteKubeconfigAsync(Uri server, CancellationToken cancellationToken = default)
    {
        var path = Path.Combine(Directory, $"{Guid.NewGuid():N}.kubeconfig");
        var original = await File.ReadAllTextAsync(KubeconfigPath, cancellationToken);
        var changed = original.Replace(Server.OriginalString, server.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, changed, cancellationToken);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        DeleteIfThere(Directory);
    }

    private static async Task<ControlPlane> StartOwnAsync(
        string directory, ControlPlaneOptions options, CancellationToken cancellationToken)
    {
        var cluster = await ClusterProcess.StartAsync(directory, options, cancellationToken);
        try
        {
            var audit = options.Audit ? Path.Combine(directory, "audit.log") : null;
            return await ConnectAsync(cluster, directory, Path.Combine(directory, "admin.kubeconfig"), audit, cancellationToken);
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    private static async Task<ControlPlane> ConnectAsync(
        ClusterProcess? cluster, string directory, string kubeconfig, string? audit, CancellationToken cancellationToken)
    {
        var tools = new ClusterTools(await Scripts.ToolsFolderAsync(cancellationToken), kubeconfig, directory);
        var server = await tools.ServerAsync(cancellationToken);
        var version = await tools.VersionAsync(cancellationToken);
        return new ControlPlane(cluster, tools, directory, kubeconfig, server) { AuditLogPath = audit, Version = version };
    }

    private static void DeleteIfThere(string directory)
    {
        if (System.IO.Directory.Exists(directory))
        {
            System.IO.Directory.Delete(directory, recursive: true);
        }
    }

    private Task<string> CommandAsync(string command, CancellationToken cancellationToken) => _cluster is null
        ? throw new NotSupportedException($"'{command}' needs a control plane of the test's own, and {KubeconfigPath} names another")
        : _cluster.CommandAsync(command, cancellationToken);
}
