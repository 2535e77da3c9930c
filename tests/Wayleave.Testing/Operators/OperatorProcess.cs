using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Testing.Operators;

/// <summary>
/// The operator as its own process: the program that is built with the tests, or the one that <c>WAYLEAVE_OPERATOR</c> names. Disposing it kills
/// it. Member clusters are on by default, because many tests have some; the operator's own default is off.
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

    /// <summary>The lines of both output streams so far.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    public Uri? Metrics { get; private set; }

    public Uri? Probes { get; private set; }

    /// <summary>Queries of the event store. Null if they are off.</summary>
    public Uri? Events { get; private set; }

    /// <summary>Starts an operator, and returns when its ports are open. It may still be waiting for the API server.</summary>
    public static async Task<OperatorProcess> StartAsync(string kubeconfig, OperatorSettings? settings = null, CancellationToken cancellationToken = default)
    {
        var isBound = settings?.Arguments.Any(argument => argument.StartsWith("--bind-address", StringComparison.Ordinal)) == true;
        string[] address = isBound ? [] : ["--bind-address", "127.0.0.1"];
        var running = Run(["--kubeconfig", kubeconfig, .. address, "--metrics-port", "0", "--probe-port", "0"], settings);
        await Poll.UntilAsync("the operator's ports", _ => Task.FromResult(running.FindPorts() || running.HasExited), Poll.Patience, cancellationToken);
        return running;
    }

    /// <summary>Starts an operator with only these flags, and does not wait.</summary>
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

    /// <summary>Waits until <c>/readyz</c> succeeds.</summary>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => Poll.UntilAsync(
        "the operator to be ready", IsReadyAsync, Poll.Patience, cancellationToken);

    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(new Uri(Probes!, "/readyz"), cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    /// <summary>Reads the samples of <c>/metrics</c>, by name and labels as they are written there.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ReadMetricsAsync(CancellationToken cancellationToken = default)
    {
        var text = await _http.GetStringAsync(new Uri(Metrics!, "/metrics"), cancellationToken);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.LastIndexOf(' ') is var gap ? (Name: line[..gap], Value: line[(gap + 1)..]) : default)
            .ToDictionary(sample => sample.Name, sample => double.Parse(sample.Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    /// <summary>The number of requests other than GET in the operator's metrics, including those for leases.</summary>
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

    /// <summary>The peak of resident memory in bytes.</summary>
    public long PeakResidentBytes()
    {
        _process.Refresh();
        return _process.PeakWorkingSet64;
    }

    /// <summary>The CPU time of the current threads, to the nanosecond. Unlike <c>/metrics</c>, reading it costs the operator nothing.</summary>
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
                // The thread has ended in between.
            }
        }

        return TimeSpan.FromMicroseconds(nanoseconds / 1000);
    }

    /// <summary>Sends SIGKILL.</summary>
    public async Task KillAsync(CancellationToken cancellationToken = default)
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(cancellationToken);
        await _reading;
    }

    /// <summary>Sends SIGTERM, and waits for the end.</summary>
    /// <returns>The duration of the shutdown.</returns>
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
        // It is logged before the others.
        foreach (var line in _log.Where(line => line.Contains("{Events}", StringComparison.Ordinal)))
        {
            using var entry = JsonDocument.Parse(line);
            Events = new Uri(entry.RootElement.GetProperty("State").GetProperty(nameof(Events)).GetString()!);
        }

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
