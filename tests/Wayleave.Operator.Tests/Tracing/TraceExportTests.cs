using System.Diagnostics;
using System.Net;
using Microsoft.Extensions.Logging;
using Wayleave.Settings;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Otlp;

namespace Wayleave.Operator.Tests.Tracing;

[Collection(TracingCollection.Name)]
public sealed class TraceExportTests : IAsyncLifetime
{
    // More than any stop may take, and less than the timeout of one request.
    private static readonly TimeSpan _longStop = TimeSpan.FromSeconds(4.5);

    private OtlpCollector _collector = null!;

    public async Task InitializeAsync() => _collector = await OtlpCollector.StartAsync();

    public async Task DisposeAsync() => await _collector.DisposeAsync();

    [Fact]
    public void Sends_spans_with_the_resource_of_the_program_and_the_headers()
    {
        using var stage = new ExportStage(_collector.Endpoint, headers: "x-scope=shop");
        stage.End(3);

        stage.Stop();

        var request = _collector.Requests.ShouldHaveSingleItem();
        (request.Method, request.Target, request.Headers["Content-Type"], request.Headers["x-scope"])
            .ShouldBe(("POST", "/v1/traces", "application/x-protobuf", "shop"));
        request.Headers.Keys.ShouldNotContain("traceparent");
        request.Spans.Select(span => span.Name).ShouldBe(["reconcile 0", "reconcile 1", "reconcile 2"]);
        request.Spans[0].Resource.Keys.ShouldBe(["service.name", "service.namespace", "service.version", "service.instance.id"], ignoreOrder: true);
        request.Spans[0].Resource["service.instance.id"].ShouldBe("pod-1");
        stage.Metric("wayleave_tracing_spans_exported_total{}").ShouldBe(3);
    }

    [Fact]
    public void Exports_the_share_of_traces_and_always_spans_with_an_error()
    {
        using var stage = new ExportStage(_collector.Endpoint, ratio: 0.5);
        stage.End(400);
        using var none = new ExportStage(_collector.Endpoint, ratio: 0);

        stage.Stop();
        var share = _collector.Spans.Count;
        none.End(10);
        none.End(1, span => span.SetStatus(ActivityStatusCode.Error));
        none.Stop();

        share.ShouldBeInRange(120, 280);
        _collector.Spans.Skip(share).ShouldHaveSingleItem().IsError.ShouldBeTrue();
    }

    [Fact]
    public void A_collector_that_hangs_delays_neither_spans_nor_the_stop()
    {
        _collector.Otherwise = OtlpAnswer.Hang;
        using var stage = new ExportStage(_collector.Endpoint);
        var clock = Stopwatch.StartNew();
        stage.End(3000);
        clock.Elapsed.ShouldBeLessThan(_longStop);

        stage.Stop().ShouldBeLessThan(_longStop);

        stage.Metric("wayleave_tracing_spans_dropped_total{reason=queue_full}").ShouldBe(3000 - 2048);
        _collector.Spans.ShouldBeEmpty();
    }

    [Fact]
    public void An_answer_that_never_ends_does_not_delay_the_stop()
    {
        _collector.Otherwise = OtlpAnswer.Drip;
        using var stage = new ExportStage(_collector.Endpoint);
        stage.End(1);

        stage.Stop().ShouldBeLessThan(_longStop);
    }

    [Fact]
    public async Task Warns_once_about_a_collector_that_is_away_and_counts_what_is_dropped()
    {
        await _collector.DisposeAsync();
        using var stage = new ExportStage(_collector.Endpoint);
        stage.End(1500);

        stage.Stop().ShouldBeLessThan(_longStop);

        var warning = stage.Log.At(LogLevel.Warning).ShouldHaveSingleItem();
        (warning["Endpoint"], warning["Reason"]).ShouldBe((_collector.Endpoint.OriginalString.TrimEnd('/'), "ConnectionError"));
        stage.Metric("wayleave_tracing_spans_dropped_total{reason=not_accepted}").ShouldBe(1500);
        stage.Metric("wayleave_tracing_spans_exported_total{}").ShouldBe(0);
    }

    [Fact]
    public async Task Sends_again_when_the_collector_accepts_and_logs_that_once()
    {
        _collector.AnswerNext([OtlpAnswer.Status(503)]);
        using var stage = new ExportStage(_collector.Endpoint);
        stage.End(1);
        await _collector.WaitForAsync(collector => collector.Requests.Count == 1, TimeSpan.FromSeconds(30), "the first request");

        stage.End(2);
        stage.Stop();

        stage.Log.At(LogLevel.Warning).ShouldHaveSingleItem()["Reason"].ShouldBe("status 503");
        stage.Log.At(LogLevel.Information).ShouldHaveSingleItem()["Dropped"].ShouldBe("1");
        _collector.Spans.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Standard_variables_change_neither_where_spans_go_nor_the_headers()
    {
        await using var elsewhere = await OtlpCollector.StartAsync();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = elsewhere.Endpoint.AbsoluteUri,
            ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = elsewhere.Endpoint.AbsoluteUri,
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "x-api-key=stolen",
            ["OTEL_EXPORTER_OTLP_TRACES_HEADERS"] = "x-api-key=stolen",
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "grpc",
            ["OTEL_EXPORTER_OTLP_COMPRESSION"] = "none",
            ["OTEL_EXPORTER_OTLP_TIMEOUT"] = "1",
            ["OTEL_EXPORTER_OTLP_CERTIFICATE"] = "/no-such-file",
            ["OTEL_RESOURCE_ATTRIBUTES"] = "k8s.cluster.name=prod-eu",
            ["OTEL_SERVICE_NAME"] = "checkout",
            ["OTEL_SDK_DISABLED"] = "true",
            ["OTEL_TRACES_SAMPLER"] = "always_off",
        };
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }

        try
        {
            using var stage = new ExportStage(_collector.Endpoint);
            stage.End(1);
            stage.Stop();
        }
        finally
        {
            foreach (var name in variables.Keys)
            {
                Environment.SetEnvironmentVariable(name, null);
            }
        }

        var request = _collector.Requests.ShouldHaveSingleItem();
        (request.Target, request.Headers["Content-Encoding"]).ShouldBe(("/v1/traces", "gzip"));
        request.Headers.Keys.ShouldNotContain("x-api-key");
        request.Spans.ShouldHaveSingleItem().Resource["service.name"].ShouldBe("wayleave-operator");
        elsewhere.Connections.ShouldBe(0);
    }

    [Fact]
    public void A_file_with_authorities_that_cannot_be_read_is_an_error_that_names_the_flag() =>
        Should.Throw<OptionsException>(() => new ExportStage(_collector.Endpoint, caFile: "/no-such-file"))
            .Message.ShouldStartWith("--tracing-ca-file: \"/no-such-file\" cannot be used");

    [Fact]
    public async Task Sends_over_TLS_to_a_collector_that_the_given_authorities_signed_only()
    {
        using var certificates = new TestCertificates();
        await using var secure = await OtlpCollector.StartAsync(certificates.Server, IPAddress.Loopback);
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, certificates.Authorities.ExportCertificatePems());
        using (var trusting = new ExportStage(secure.Endpoint, caFile: file))
        {
            trusting.End(1);
            trusting.Stop();
        }

        using var distrusting = new ExportStage(secure.Endpoint);
        distrusting.End(1);
        distrusting.Stop();

        File.Delete(file);
        secure.Spans.Count.ShouldBe(1);
        distrusting.Log.At(LogLevel.Warning).ShouldHaveSingleItem()["Reason"].ShouldBe("SecureConnectionError");
    }
}
