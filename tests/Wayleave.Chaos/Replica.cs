using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.Chaos;

/// <summary>One of the operators, across restarts of its process.</summary>
/// <param name="user">Its user name at the API server.</param>
/// <param name="name">Its identity in the lease.</param>
/// <param name="proxy">The proxy between it and the API server.</param>
/// <param name="kubeconfig">The path of its kubeconfig.</param>
/// <param name="flags">Its command-line flags.</param>
internal sealed class Replica(string user, string name, FaultProxy proxy, string kubeconfig, IReadOnlyList<string> flags) : IAsyncDisposable
{
    private OperatorProcess? _process;

    public string User => user;

    public string Name => name;

    public FaultProxy Proxy => proxy;

    /// <summary>The process; null while it is stopped.</summary>
    public OperatorProcess? Process => _process;

    /// <summary>The number of starts.</summary>
    public int Started { get; private set; }

    /// <summary>Starts the process unless it runs. With a full disk, its output is lost.</summary>
    public void Start(bool isDiskFull = false)
    {
        if (_process is null or { HasExited: true })
        {
            var settings = new OperatorSettings
            {
                Arguments = flags,
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["POD_NAME"] = name },
                OutputPath = isDiskFull ? "/dev/full" : null,
            };
            _process = OperatorProcess.Run(["--kubeconfig", kubeconfig, "--bind-address", "127.0.0.1", "--metrics-port", "0", "--probe-port", "0"], settings);
            Started++;
        }
    }

    /// <summary>Ends the process with SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>Ends the process with SIGTERM.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.StopAsync();
            await process.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await proxy.DisposeAsync();
    }
}
