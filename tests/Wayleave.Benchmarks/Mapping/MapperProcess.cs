using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.Benchmarks.Mapping;

/// <summary>The mapper that <c>WAYLEAVE_MAPPER</c> names, as its own process. Disposing it kills it.</summary>
internal sealed class MapperProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = new();
    private readonly HttpClient _http = new();
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

    /// <summary>Where it takes batches.</summary>
    public int Port { get; private set; }

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

    /// <summary>Returns when it takes batches.</summary>
    public static async Task<MapperProcess> StartAsync(string program, string kubeconfig)
    {
        string[] arguments = ["--kubeconfig", kubeconfig, "--port", "0", "--metrics-port", "0", "--probe-port", "0", "--count-discoveries"];
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        var mapper = new MapperProcess(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
        await Poll.UntilAsync("the mapper's ports", _ => Task.FromResult(mapper.FindPorts()), Poll.Patience, CancellationToken.None);
        await Poll.UntilAsync("the mapper to be ready", mapper.IsReadyAsync, TimeSpan.FromMinutes(2), CancellationToken.None);
        return mapper;
    }

    /// <summary>The samples of /metrics, by name and labels as they are written there.</summary>
    public async Task<IReadOnlyDictionary<string, double>> ReadMetricsAsync()
    {
        var text = await _http.GetStringAsync(Local(_metrics, "/metrics"));
        return text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .ToDictionary(
                line => line[..line.LastIndexOf(' ')], line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture), StringComparer.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static Uri Local(int port, string path) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}{path}"));

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        using var answer = await _http.GetAsync(Local(_probes, "/readyz"), cancellationToken);
        return answer.IsSuccessStatusCode;
    }

    private bool FindPorts()
    {
        if (_process.HasExited)
        {
            throw new InvalidOperationException(string.Join('\n', _log));
        }

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
