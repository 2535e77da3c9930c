using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.Chaos;

/// <summary>One of the operators, whichever process it is at the time.</summary>
/// <param name="user">As whom the API server knows it.</param>
/// <param name="name">As which it contests the lease.</param>
/// <param name="proxy">Its way to the API server.</param>
/// <param name="kubeconfig">A file.</param>
/// <param name="flags">What it is started with.</param>
internal sealed class Replica(string user, string name, FaultProxy proxy, string kubeconfig, IReadOnlyList<string> flags) : IAsyncDisposable
{
    private OperatorProcess? _process;

    public string User => user;

    public string Name => name;

    public FaultProxy Proxy => proxy;

    /// <summary>Null while there is none.</summary>
    public OperatorProcess? Process => _process;

    /// <summary>How often it was started.</summary>
    public int Started { get; private set; }

    /// <summary>Starts it if it does not run. With a full disk, nothing that it prints arrives anywhere.</summary>
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

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            await process.DisposeAsync();
        }
    }

    /// <summary>SIGTERM.</summary>
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
