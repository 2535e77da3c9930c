using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// A real Kubernetes API server for one test or test collection: one of its own, or the cluster that
/// <c>WAYLEAVE_E2E_KUBECONFIG</c> names the kubeconfig of. Members may be called from any thread.
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

    /// <summary>Belongs to a cluster admin; has everything in it where the control plane is one of our own.</summary>
    public string KubeconfigPath { get; }

    public Uri Server { get; }

    public required ServerVersion Version { get; init; }

    /// <summary>A folder of this cluster's own, deleted with it.</summary>
    public string Directory { get; }

    /// <summary>Read it with <see cref="AuditLog"/>. Null unless <see cref="ControlPlaneOptions.Audit"/> was asked for.</summary>
    public string? AuditLogPath { get; private init; }

    /// <summary>Whether the cluster was there before, so that it cannot be stopped and may hold what others made.</summary>
    public bool IsExternal => _cluster is null;

    /// <summary>
    /// Returns when the cluster serves and its controllers work: seconds, or minutes the first time on a machine, when its
    /// programs are built.
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

    /// <summary>Ends the API server in order: requests that are under way are answered first.</summary>
    public Task EndApiServerAsync(CancellationToken cancellationToken = default) => CommandAsync("end apiserver", cancellationToken);

    /// <summary>Where etcd listens; its JSON gateway is below <c>/v3</c>.</summary>
    public async Task<Uri> EtcdAddressAsync(CancellationToken cancellationToken = default) => new(await CommandAsync("address etcd", cancellationToken));

    /// <summary>Starts it again with the same address and data; returns when it is ready.</summary>
    public Task StartApiServerAsync(CancellationToken cancellationToken = default) => CommandAsync("start apiserver", cancellationToken);

    /// <summary>Freezes it: connections stay open, new ones are taken, and nothing answers.</summary>
    public Task PauseApiServerAsync(CancellationToken cancellationToken = default) => CommandAsync("pause apiserver", cancellationToken);

    public Task ResumeApiServerAsync(CancellationToken cancellationToken = default) => CommandAsync("resume apiserver", cancellationToken);

    /// <summary>Kills etcd: the API server goes on answering what it has cached and fails the rest.</summary>
    public Task StopEtcdAsync(CancellationToken cancellationToken = default) => CommandAsync("stop etcd", cancellationToken);

    public Task StartEtcdAsync(CancellationToken cancellationToken = default) => CommandAsync("start etcd", cancellationToken);

    public Task PauseEtcdAsync(CancellationToken cancellationToken = default) => CommandAsync("pause etcd", cancellationToken);

    public Task ResumeEtcdAsync(CancellationToken cancellationToken = default) => CommandAsync("resume etcd", cancellationToken);

    /// <summary>
    /// Makes etcd forget all older revisions. The API server's own cache does not forget: stop and start the API server for a watch, or a
    /// <c>continue</c> token from before, to get 410 Gone.
    /// </summary>
    public Task CompactAsync(CancellationToken cancellationToken = default) => CommandAsync("compact", cancellationToken);

    /// <summary>The authority that its certificate is from, in PEM form.</summary>
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

    /// <summary>Writes a kubeconfig that leads to another address of this server, such as a <see cref="TcpProxy"/>'s.</summary>
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
