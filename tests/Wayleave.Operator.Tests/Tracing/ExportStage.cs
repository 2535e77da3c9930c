using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tracing;
using Wayleave.Telemetry.Settings;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Tracing;

/// <summary>The program's export of spans, with a source for tests to use. <see cref="Stop"/> sends what waits.</summary>
internal sealed class ExportStage : IDisposable
{
    private readonly FakeMeters _meters = new();
    private readonly ServiceProvider _logging;
    private readonly ActivitySource _source = new(KubernetesTracing.SourceName);
    private bool _isStopped;

    public ExportStage(Uri endpoint, double ratio = 1, string headers = "", string? caFile = null)
    {
        _logging = new ServiceCollection().AddLogging(logging => logging.AddProvider(Log)).BuildServiceProvider();
        var options = OperatorOptions.Read(
            new Dictionary<string, string>(StringComparer.Ordinal), new Dictionary<string, string>(StringComparer.Ordinal) { ["POD_NAME"] = "pod-1" });
        var settings = new TracingSettings(endpoint, ratio, CollectorHeaders.Parse(headers), caFile);
        Export = new TraceExport(settings, options, _meters, _logging.GetRequiredService<ILoggerFactory>());
    }

    public KeptLog Log { get; } = new();

    public TraceExport Export { get; }

    public double Metric(string series) => _meters[series];

    /// <summary>Starts and ends spans, each the first of a trace.</summary>
    public void End(int spans, Action<Activity>? edit = null)
    {
        for (var number = 0; number < spans; number++)
        {
            Activity.Current = null;
            using var span = _source.StartActivity($"reconcile {number}").ShouldNotBeNull();
            edit?.Invoke(span);
        }
    }

    /// <summary>As at the end of the program.</summary>
    public TimeSpan Stop()
    {
        _isStopped = true;
        var clock = Stopwatch.StartNew();
        Export.Dispose();
        return clock.Elapsed;
    }

    public void Dispose()
    {
        if (!_isStopped)
        {
            Export.Dispose();
        }

        _source.Dispose();
        _logging.Dispose();
        _meters.Dispose();
    }
}
