using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Testing.Mapping;

/// <summary>The mapper as its own process. Disposing it kills it.</summary>
public sealed class MapperProcess : IAsyncDisposable
{
    // A frozen process answers nothing.
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly HttpClient _http = new() { Timeout = _timeout };
    private int _metrics;
    private int _probes;

    private MapperProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>The program that <c>WAYLEAVE_MAPPER</c> names, or the one that is built with the tests.</summary>
    public static string Program => Environment.GetEnvironmentVariable("WAYLEAVE_MAPPER") is { Length: > 0 } named
        ? named
        : Checkout.PathOf("operator", "Wayleave.Mapper", "bin", Configuration, "net10.0", "wayleave-mapper");

    /// <summary>Where it takes batches.</summary>
    public int Port { get; private set; }

    public bool HasExited => _process.HasExited;

    /// <summary>The lines of both output streams so far.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    /// <summary>Resident memory in bytes.</summary>
    public long Resident
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>The peak of resident memory in bytes.</summary>
    public long PeakResident => _process.PeakWorkingSet64;

    public TimeSpan Cpu
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    // The tests are in bin/CONFIGURATION/net10.0.
    private static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Starts a mapper, and returns when its ports are open. It may still be waiting for the API server.</summary>
    public static async Task<MapperProcess> StartAsync(
        string program, string kubeconfig, IReadOnlyList<string> flags, CancellationToken cancellationToken = default)
    {
        string[] arguments = ["--kubeconfig", kubeconfig, "--port", "0", "--metrics-port", "0", "--probe-port", "0", .. flags];
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("WAYLEAVE_", StringComparison.Ordinal) || name is "POD_NAME").ToList())
        {
            start.Environment.Remove(name);
        }

        var mapper = new MapperProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
        await Poll.UntilAsync("the mapper's ports", _ => Task.FromResult(mapper.FindPorts() || mapper.HasExited), Poll.Patience, cancellationToken);
        return mapper.HasExited ? throw new InvalidOperationException(string.Join('\n', mapper.Log)) : mapper;
    }

    /// <summary>Waits until it takes batches.</summary>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => Poll.UntilAsync(
        "the mapper to be ready", async token => await ReadNotReadyReasonAsync(token) is null, Poll.Patience, cancellationToken);

    /// <summary>Why it takes no batches, as <c>/readyz</c> says. Null if it takes them.</summary>
    public async Task<string?> ReadNotReadyReasonAsync(CancellationToken cancellationToken = default)
    {
        using var answer = await _http.GetAsync(Local(_probes, "/readyz"), cancellationToken);
        return answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>The samples of /metrics, by name and labels as they are written there.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ReadMetricsAsync(CancellationToken cancellationToken = default)
    {
        var text = await _http.GetStringAsync(Local(_metrics, "/metrics"), cancellationToken);
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .ToDictionary(
                line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    /// <summary>Sends a signal by its name without SIG: STOP, CONT, TERM.</summary>
    public async Task SignalAsync(string signal, CancellationToken cancellationToken = default) =>
        (await ChildProcess.RunAsync(
            "kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)], cancellationToken: cancellationToken)).EnsureSuccess();

    /// <summary>Sends SIGTERM, and waits for the end.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await SignalAsync("TERM", cancellationToken);
        await _process.WaitForExitAsync(cancellationToken).WaitAsync(Poll.Patience, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _http.Dispose();
        _process.Dispose();
    }

    private static Uri Local(int port, string path) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{path}"));

    private bool FindPorts()
    {
        foreach (var line in _log.Where(line => line.StartsWith('{')))
        {
            using var entry = JsonDocument.Parse(line);
            var state = entry.RootElement.TryGetProperty("State", out var found) ? found : default;
            (_metrics, _probes, Port) = (PortOf(state, "Metrics") ?? _metrics, PortOf(state, "Probes") ?? _probes, PortOf(state, "Batches") ?? Port);
        }

        return _metrics > 0 && _probes > 0 && Port > 0;
    }

    private static int? PortOf(JsonElement state, string name) =>
        state.ValueKind == JsonValueKind.Object && state.TryGetProperty(name, out var url) ? new Uri(url.GetString()!).Port : null;
}
