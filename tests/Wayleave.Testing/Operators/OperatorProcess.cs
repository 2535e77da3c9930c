using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Testing.Operators;

/// <summary>
/// The operator as its own process: the one built beside the tests, or the one that <c>WAYLEAVE_OPERATOR</c> names. It is killed when
/// disposed. Member clusters are on unless a flag or the settings say otherwise, because many tests have some; by itself the operator
/// leaves them off.
/// </summary>
public sealed class OperatorProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly Task _reading;
    private readonly HttpClient _http = new();

    private OperatorProcess(Process process)
    {
        _process = process;
        StartedAt = Stopwatch.GetTimestamp();
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    /// <summary>A <see cref="Stopwatch"/> timestamp.</summary>
    public long StartedAt { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>What it printed so far, both streams, line by line.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    public Uri? Metrics { get; private set; }

    public Uri? Probes { get; private set; }

    /// <summary>Returns when its ports are open; it may still be waiting for the API server.</summary>
    public static async Task<OperatorProcess> StartAsync(string kubeconfig, OperatorSettings? settings = null, CancellationToken cancellationToken = default)
    {
        var running = Run(["--kubeconfig", kubeconfig, "--bind-address", "127.0.0.1", "--metrics-port", "0", "--probe-port", "0"], settings);
        await Poll.UntilAsync("the operator's ports", _ => Task.FromResult(running.FindPorts() || running.HasExited), Poll.Patience, cancellationToken);
        return running;
    }

    /// <summary>Starts it with just these flags, and waits for nothing.</summary>
    public static OperatorProcess Run(IReadOnlyList<string> arguments, OperatorSettings? settings = null)
    {
        var program = Environment.GetEnvironmentVariable("WAYLEAVE_OPERATOR") ?? Path.Combine(AppContext.BaseDirectory, "wayleave-operator");
        string[] command =
        [
            .. OutputFile.Launcher(settings?.OutputPath), .. NetworkTrace.Launcher(settings?.TracePath),
            program, .. arguments, .. settings?.Arguments ?? [],
        ];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsOurs).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["WAYLEAVE_CLUSTERS"] = "true";
        foreach (var (name, value) in settings?.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        return new OperatorProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
    }

    /// <summary>Returns when <c>/readyz</c> says so.</summary>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => Poll.UntilAsync(
        "the operator to be ready", IsReadyAsync, Poll.Patience, cancellationToken);

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(Probes!, "/readyz"), cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>The samples of <c>/metrics</c> by name and labels, as they stand there.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ReadMetricsAsync(CancellationToken cancellationToken = default)
    {
        var text = await _http.GetStringAsync(new Uri(Metrics!, "/metrics"), cancellationToken);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.LastIndexOf(' ') is var gap ? (Name: line[..gap], Value: line[(gap + 1)..]) : default)
            .ToDictionary(sample => sample.Name, sample => double.Parse(sample.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    /// <summary>How many requests other than GET the operator says it sent, leases left out only if it contests none.</summary>
    public async Task<long> CountWritesAsync(CancellationToken cancellationToken = default) =>
        (long)(await ReadMetricsAsync(cancellationToken))
            .Where(sample => sample.Key.StartsWith("rest_client_requests_total", StringComparison.Ordinal) && !sample.Key.Contains("method=\"GET\"", StringComparison.Ordinal))
            .Sum(sample => sample.Value);

    /// <summary>Resident memory in bytes, as the kernel counts it.</summary>
    public long ResidentBytes()
    {
        _process.Refresh();
        return _process.WorkingSet64;
    }

    /// <summary>The most that it ever was.</summary>
    public long PeakResidentBytes()
    {
        _process.Refresh();
        return _process.PeakWorkingSet64;
    }

    /// <summary>CPU that the threads which run now have used, to the nanosecond. Unlike <c>/metrics</c>, asking costs the operator nothing.</summary>
    public TimeSpan ThreadsCpu()
    {
        var nanoseconds = 0.0;
        foreach (var thread in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{Id}/task")))
        {
            try
            {
                nanoseconds += double.Parse(File.ReadAllText(Path.Combine(thread, "schedstat")).Split(' ')[0], CultureInfo.InvariantCulture);
            }
            catch (IOException) when (!Directory.Exists(thread))
            {
                // It has ended in between.
            }
        }

        return TimeSpan.FromMicroseconds(nanoseconds / 1000);
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> StopAsync(CancellationToken cancellationToken = default)
    {
        var started = Stopwatch.GetTimestamp();
        await SignalAsync("TERM", cancellationToken);
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Poll.Patience, cancellationToken);
        await _reading;
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Sends a signal by its name without SIG: STOP, CONT, TERM.</summary>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken = default) =>
        (await ChildProcess.RunAsync("kill", [$"-{signal}", Id.ToString(CultureInfo.InvariantCulture)], cancellationToken: cancellationToken)).EnsureSuccess();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
        _http.Dispose();
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("WAYLEAVE_", StringComparison.Ordinal) || name.StartsWith("OTEL_", StringComparison.Ordinal)
        || name is "DO_NOT_TRACK" or "KUBECONFIG" or "POD_NAME";

    private bool FindPorts()
    {
        foreach (var line in _log.Where(line => line.Contains("{Metrics}", StringComparison.Ordinal)))
        {
            using var entry = JsonDocument.Parse(line);
            var state = entry.RootElement.GetProperty("State");
            Metrics = new Uri(state.GetProperty(nameof(Metrics)).GetString()!);
            Probes = new Uri(state.GetProperty(nameof(Probes)).GetString()!);
            return true;
        }

        return false;
    }

    private async Task ReadAsync(StreamReader stream)
    {
        while (await stream.ReadLineAsync() is { } line)
        {
            _log.Enqueue(line);
        }
    }
}
