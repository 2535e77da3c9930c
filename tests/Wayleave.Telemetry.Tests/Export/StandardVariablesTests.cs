using Wayleave.Settings;
using Wayleave.Telemetry.Export;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Telemetry.Settings;
using Wayleave.Telemetry.Tests.Support;
using Wayleave.Testing.Otlp;

namespace Wayleave.Telemetry.Tests.Export;

/// <summary>Sets the variables of the OpenTelemetry specification in this process, where the SDK would read them.</summary>
public sealed class StandardVariablesTests : IAsyncLifetime
{
    private readonly LedgerBatch _batch = Sample.Batch();
    private OtlpCollector _collector = null!;
    private OtlpCollector _elsewhere = null!;
    private string _folder = "";
    private Dictionary<string, string> _variables = [];

    public async Task InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        _elsewhere = await OtlpCollector.StartAsync();
        _folder = Directory.CreateTempSubdirectory("wayleave-").FullName;
        _variables = Variables(_elsewhere.Endpoint.AbsoluteUri);
        await SendAsync();
        foreach (var (name, value) in _variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var name in _variables.Keys)
        {
            Environment.SetEnvironmentVariable(name, null);
        }

        Directory.Delete(_folder, recursive: true);
        await _collector.DisposeAsync();
        await _elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task Standard_variables_do_not_change_the_request_or_its_destination()
    {
        (await SendAsync()).IsAcknowledged.ShouldBeTrue();

        _collector.Requests.Count.ShouldBe(2);
        _collector.Requests[1].Body.ShouldBe(_collector.Requests[0].Body);
        _collector.Requests[1].Headers.ShouldBe(_collector.Requests[0].Headers);
        _collector.Requests[1].Target.ShouldBe("/v1/logs");
        _elsewhere.Connections.ShouldBe(0);
    }

    [Fact]
    public async Task Standard_variables_enable_no_retry_and_create_no_files()
    {
        _collector.Otherwise = OtlpAnswer.Status(503);

        (await SendAsync()).IsAcknowledged.ShouldBeFalse();

        _collector.Requests.Count.ShouldBe(2);
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public void Settings_ignore_all_but_the_disabled_endpoint_and_headers_variables()
    {
        string[] read = ["OTEL_SDK_DISABLED", "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_HEADERS"];
        var others = _variables.Where(variable => !read.Contains(variable.Key)).ToDictionary();

        others.Count.ShouldBe(_variables.Count - read.Length);
        TelemetrySettings.Resolve(new SettingBinder(new Dictionary<string, string>(), others)).ShouldBe(TelemetrySettings.Default);
    }

    private Task<SendResult> SendAsync() =>
        Sample.Sender(_collector.Endpoint, TimeProvider.System).SendAsync(_batch, default);

    private Dictionary<string, string> Variables(string elsewhere) => new(StringComparer.Ordinal)
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = elsewhere,
        ["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = elsewhere,
        ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-api-key=stolen,x-team=checkout",
        ["OTEL_EXPORTER_OTLP_LOGS_HEADERS"] = "x-team=checkout",
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
        ["OTEL_EXPORTER_OTLP_LOGS_PROTOCOL"] = "grpc",
        ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "1",
        ["OTEL_EXPORTER_OTLP_COMPRESSION"] = "none",
        ["OTEL_EXPORTER_OTLP_CERTIFICATE"] = Path.Combine(_folder, "no-such-file"),
        ["OTEL_RESOURCE_ATTRIBUTES"] = "k8s.cluster.name=prod-eu,service.instance.id=host-7",
        ["OTEL_SERVICE_NAME"] = "checkout",
        ["OTEL_SDK_DISABLED"] = "true",
        ["OTEL_LOGS_EXPORTER"] = "none",
        ["OTEL_BLRP_MAX_EXPORT_BATCH_SIZE"] = "1",
        ["OTEL_BLRP_MAX_QUEUE_SIZE"] = "1",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "1",
        ["OTEL_ATTRIBUTE_COUNT_LIMIT"] = "1",
        ["OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"] = "1",
        ["OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT"] = "1",
        ["OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT"] = "1",
        ["OTEL_LOG_LEVEL"] = "trace",
        ["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "disk",
        ["OTEL_DOTNET_EXPERIMENTAL_OTLP_DISK_RETRY_DIRECTORY_PATH"] = _folder,
        ["OTEL_DOTNET_EXPERIMENTAL_OTLP_EMIT_EVENT_LOG_ATTRIBUTES"] = "true",
        ["OTEL_DOTNET_SELF_DIAGNOSTICS_SINKS"] = "file",
        ["OTEL_DOTNET_SELF_DIAGNOSTICS_LOG_DIRECTORY"] = _folder,
    };
}
