using System.Diagnostics;

namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// A running script that runs a cluster, or a part of one. It ends when its stdin closes, so that it leaves nothing behind however this process
/// ends.
/// </summary>
internal sealed class ClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(15);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly SemaphoreSlim _turn = new(1);
    private Task _exchange = Task.CompletedTask;

    private ClusterProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
    }

    /// <summary>Starts the script, and returns when the cluster is ready. The first time on a machine it builds the cluster, which takes minutes.</summary>
    /// <exception cref="InvalidOperationException">It did not become ready; the message has the end of the log.</exception>
    public static Task<ClusterProcess> StartAsync(string directory, ControlPlaneOptions options, CancellationToken cancellationToken) =>
        StartAsync(Scripts.Cluster, Arguments(directory, options), cancellationToken);

    /// <summary>Starts another script that reports when it is ready and ends when its stdin closes.</summary>
    public static async Task<ClusterProcess> StartAsync(string script, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var cluster = new ClusterProcess(ChildProcess.Start(script, arguments));
        try
        {
            await cluster.ReadAsync("ready").WaitAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends one command and returns what follows <c>ok</c> in its answer.</summary>
    /// <exception cref="InvalidOperationException">The script rejected the command, failed, or has ended.</exception>
    public async Task<string> CommandAsync(string command, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // An earlier caller may not have waited for its answer, which then comes first.
            await _exchange.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var exchange = ExchangeAsync(command);
            _exchange = exchange;
            return await exchange.WaitAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        using var grace = new CancellationTokenSource(Grace);
        try
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync(grace.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await Task.WhenAll(_exchange, _errors).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _process.Dispose();
        _turn.Dispose();
    }

    private async Task<string> ExchangeAsync(string command)
    {
        await _process.StandardInput.WriteLineAsync(command);
        await _process.StandardInput.FlushAsync();
        return await ReadAsync("ok");
    }

    private async Task<string> ReadAsync(string expected)
    {
        var answer = await _process.StandardOutput.ReadLineAsync()
            ?? throw new InvalidOperationException($"The control plane has ended: {await _errors}");
        return answer.StartsWith(expected, StringComparison.Ordinal)
            ? answer[expected.Length..].Trim()
            : throw new InvalidOperationException($"The control plane answers: {answer}");
    }

    private static List<string> Arguments(string directory, ControlPlaneOptions options) =>
    [
        "run",
        directory,
        .. options.Audit ? ["--audit"] : Array.Empty<string>(),
        .. options.EtcdArguments.Select(argument => $"--etcd-arg={argument}"),
        .. options.ApiServerArguments.Select(argument => $"--apiserver-arg={argument}"),
        .. options.ControllerManagerArguments.Select(argument => $"--controller-manager-arg={argument}"),
    ];
}
