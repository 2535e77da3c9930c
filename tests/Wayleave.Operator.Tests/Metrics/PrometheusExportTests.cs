using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using Wayleave.Hosting;
using Wayleave.Operator.Metrics;
using Wayleave.Testing.Otlp;

namespace Wayleave.Operator.Tests.Metrics;

/// <summary>The metrics page that Prometheus scrapes.</summary>
public sealed class PrometheusExportTests : IDisposable
{
    private readonly MeterProvider _metrics = PrometheusExport.Collect(["Wayleave.Test"]);
    private readonly Meter _meter = new("Wayleave.Test");
    private readonly RequestDelegate _answer;

    public PrometheusExportTests() => _answer = AnswerOf(_metrics);

    [Fact]
    public async Task Sums_a_counter_for_each_set_of_labels()
    {
        var counter = _meter.CreateCounter<long>("test_things_total", description: "Things.");
        counter.Add(1, new("host", "10.0.0.1:443"), new("method", "GET"), new("code", "200"));
        counter.Add(2, new("code", "200"), new("method", "GET"), new("host", "10.0.0.1:443"));
        counter.Add(1, new("host", "10.0.0.1:443"), new("method", "PUT"), new("code", "500"));

        (await ScrapeAsync()).ShouldBe(
            """
            # TYPE test_things_total counter
            # HELP test_things_total Things.
            test_things_total{code="200",host="10.0.0.1:443",method="GET"} 3
            test_things_total{code="500",host="10.0.0.1:443",method="PUT"} 1
            """.Split('\n'));
    }

    [Fact]
    public async Task Exports_labels_of_every_type()
    {
        _meter.CreateCounter<long>("test_many_total").Add(
            1, new(
                "text", "GET"), new("number", 7), new("long", 8L), new("fraction", 0.5), new("flag", true), new("kind", DayOfWeek.Monday));

        (await ScrapeAsync()).ShouldContain(
            "test_many_total{flag=\"true\",fraction=\"0.5\",kind=\"Monday\",long=\"8\",number=\"7\",text=\"GET\"} 1");
    }

    [Fact]
    public async Task Does_not_append_the_unit_to_the_name_of_an_instrument()
    {
        _meter.CreateObservableGauge("test_bytes", () => 7L, "By");
        _meter.CreateObservableCounter("test_seconds_total", () => 1.5, "s");
        _meter.CreateObservableCounter("test_requests", () => 2L, "{request}");

        var lines = await ScrapeAsync();

        string[] expected =
        [
            "# TYPE test_bytes gauge", "test_bytes{} 7", "# TYPE test_seconds_total counter", "test_seconds_total{} 1.5", "test_requests{} 2",
        ];
        expected.ShouldBeSubsetOf(lines);
    }

    [Fact]
    public async Task Exports_instruments_of_every_number_type()
    {
        _meter.CreateCounter<int>("test_int_total").Add(1);
        _meter.CreateGauge<double>("test_double").Record(1.5);
        _meter.CreateUpDownCounter<short>("test_short").Add(-3);
        _meter.CreateObservableUpDownCounter("test_float", () => 2.5f);

        string[] expected =
        [
            "test_int_total{} 1", "test_double{} 1.5", "test_short{} -3", "test_float{} 2.5",
            "# TYPE test_double gauge", "# TYPE test_short gauge", "# TYPE test_float gauge",
        ];
        expected.ShouldBeSubsetOf(await ScrapeAsync());
    }

    [Fact]
    public async Task Escapes_labels_and_descriptions()
    {
        _meter.CreateCounter<long>("test_escaped_total", description: "a\\b\nc").Add(1, new KeyValuePair<string, object?>("name", "a\"b\\c\nd"));

        string[] expected = ["# HELP test_escaped_total a\\\\b\\nc", "test_escaped_total{name=\"a\\\"b\\\\c\\nd\"} 1"];
        expected.ShouldBeSubsetOf(await ScrapeAsync());
    }

    [Fact]
    public async Task Exports_only_current_observations_of_a_gauge()
    {
        var depths = new Dictionary<string, long>(StringComparer.Ordinal) { ["policies"] = 5, ["clusters"] = 1 };
        _meter.CreateObservableGauge(
            "test_depth", () => depths.Select(depth => new Measurement<long>(depth.Value, new KeyValuePair<string, object?>("name", depth.Key))));
        (await ScrapeAsync()).ShouldContain("test_depth{name=\"clusters\"} 1");

        depths.Remove("clusters");
        depths["policies"] = 0;

        (await ScrapeAsync()).Where(line => line.StartsWith("test_depth", StringComparison.Ordinal))
            .ShouldBe(["test_depth{name=\"policies\"} 0"]);
    }

    [Fact]
    public async Task Exports_cumulative_histogram_buckets()
    {
        var histogram = _meter.CreateHistogram<double>("test_seconds", "s");
        histogram.Record(0.004);
        histogram.Record(0.2);
        histogram.Record(100);

        string[] expected =
        [
            "# TYPE test_seconds histogram",
            "test_seconds_bucket{le=\"0.0025\"} 0",
            "test_seconds_bucket{le=\"0.005\"} 1",
            "test_seconds_bucket{le=\"30\"} 2",
            "test_seconds_bucket{le=\"+Inf\"} 3",
            "test_seconds_sum{} 100.204",
            "test_seconds_count{} 3",
        ];
        expected.ShouldBeSubsetOf(await ScrapeAsync());
    }

    [Fact]
    public async Task Exports_3000_series_of_one_counter()
    {
        var requests = _meter.CreateCounter<long>("rest_client_test_total");
        foreach (var number in Enumerable.Range(0, 3000))
        {
            requests.Add(1, new KeyValuePair<string, object?>("host", $"10.0.0.1:{number}"));
        }

        (await ScrapeAsync()).Count(line => line.StartsWith("rest_client_test_total{host=", StringComparison.Ordinal)).ShouldBe(3000);
    }

    [Fact]
    public async Task Exports_other_instruments_when_one_fails()
    {
        _meter.CreateObservableGauge("test_broken", new Func<long>(() => throw new InvalidOperationException("broken")));
        _meter.CreateObservableGauge("test_whole", () => 1L);

        (await ScrapeAsync()).ShouldContain("test_whole{} 1");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("*/*")]
    [InlineData("application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.3,*/*;q=0.2")]
    public async Task Answers_in_the_text_format_whatever_the_scraper_accepts(string? accept)
    {
        _meter.CreateCounter<long>("test_format_total").Add(1);
        var context = Request(accept);

        await _answer(context);

        context.Response.StatusCode.ShouldBe(200);
        context.Response.ContentType.ShouldBe("text/plain; version=0.0.4; charset=utf-8");
        TextOf(context).ShouldBe("# TYPE test_format_total counter\ntest_format_total{} 1\n");
    }

    [Fact]
    public async Task A_scraper_that_asks_gets_the_trace_ID_of_a_measurement_in_an_exported_span()
    {
        using var metrics = PrometheusExport.Collect(["Wayleave.Exemplars"], hasExemplars: true);
        using var meter = new Meter("Wayleave.Exemplars");
        var duration = meter.CreateHistogram<double>("test_duration_seconds");
        var (exported, recorded) = (new Activity("exported"), new Activity("recorded"));
        exported.ActivityTraceFlags = ActivityTraceFlags.Recorded;
        using (exported.Start())
        {
            duration.Record(0.2);
        }

        using (recorded.Start())
        {
            duration.Record(4);
        }

        var page = await ScrapeAsync(AnswerOf(metrics, hasExemplars: true), "application/openmetrics-text;version=1.0.0,text/plain;q=0.5");
        page.Single(line => line.StartsWith("test_duration_seconds_bucket{le=\"0.25\"}", StringComparison.Ordinal))
            .ShouldContain($"# {{trace_id=\"{exported.TraceId}\"");
        page.ShouldNotContain(line => line.Contains(recorded.TraceId.ToHexString(), StringComparison.Ordinal));
        (await ScrapeAsync(AnswerOf(metrics, hasExemplars: true), "text/plain")).ShouldNotContain(line => line.Contains("trace_id", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exports_metrics_even_if_OTEL_SDK_DISABLED_is_true()
    {
        Environment.SetEnvironmentVariable("OTEL_SDK_DISABLED", "true");
        try
        {
            using var metrics = PrometheusExport.Collect(["Wayleave.Disabled"]);
            using var meter = new Meter("Wayleave.Disabled");
            meter.CreateCounter<long>("test_on_total").Add(1);

            (await ScrapeAsync(AnswerOf(metrics))).ShouldContain("test_on_total{} 1");
        }
        finally
        {
            Environment.SetEnvironmentVariable("OTEL_SDK_DISABLED", null);
        }
    }

    [Fact]
    public async Task Exports_garbage_collection_and_threads_of_the_runtime()
    {
        RuntimeMetrics.AddTo(_meter);

        var lines = await ScrapeAsync();

        string[] types =
        [
            "# TYPE dotnet_gc_collections_total counter", "# TYPE dotnet_gc_pause_time_seconds_total counter",
            "# TYPE dotnet_gc_heap_total_allocated_bytes_total counter", "# TYPE dotnet_gc_last_collection_memory_committed_size_bytes gauge",
            "# TYPE dotnet_thread_pool_thread_count gauge", "# TYPE dotnet_thread_pool_queue_length gauge",
            "# TYPE dotnet_thread_pool_work_item_count_total counter", "# TYPE dotnet_monitor_lock_contentions_total counter",
        ];
        lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).ShouldBe(types, ignoreOrder: true);
        lines.Count(line => line.StartsWith("dotnet_gc_collections_total{gc_heap_generation=\"gen", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task Exports_three_metrics_of_the_HTTP_client_without_addresses_of_peers()
    {
        using var metrics = PrometheusExport.Collect([PrometheusExport.HttpClientMeter]);
        await using var server = await OtlpCollector.StartAsync();
        using var client = new HttpClient();
        (await client.GetAsync(server.Endpoint)).Dispose();

        var lines = await ScrapeAsync(AnswerOf(metrics));

        string[] types =
        [
            "# TYPE http_client_request_duration_seconds histogram", "# TYPE http_client_active_requests gauge",
            "# TYPE http_client_open_connections gauge",
        ];
        lines.Where(line => line.StartsWith("# TYPE", StringComparison.Ordinal)).ShouldBe(types, ignoreOrder: true);
        lines.ShouldContain(line => line.StartsWith("http_client_request_duration_seconds_count{", StringComparison.Ordinal)
            && line.Contains($"server_port=\"{server.Endpoint.Port}\"", StringComparison.Ordinal)
            && line.Contains("http_response_status_code=\"200\"", StringComparison.Ordinal));
        lines.ShouldNotContain(line => line.Contains("peer", StringComparison.Ordinal) || line.Contains("url", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ignores_other_meters()
    {
        using var other = new Meter("Another.Program");
        other.CreateCounter<long>("test_foreign_total").Add(1);

        (await ScrapeAsync()).ShouldNotContain(line => line.Contains("test_foreign_total", StringComparison.Ordinal));
    }

    public void Dispose()
    {
        _meter.Dispose();
        _metrics.Dispose();
    }

    private static RequestDelegate AnswerOf(MeterProvider metrics, bool hasExemplars = false)
    {
        var application = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());
        PrometheusExport.Map(application, metrics, _ => true, hasExemplars);
        return application.Build();
    }

    private Task<string[]> ScrapeAsync() => ScrapeAsync(_answer);

    private static async Task<string[]> ScrapeAsync(RequestDelegate answer, string? accept = null)
    {
        var context = Request(accept);
        await answer(context);
        return TextOf(context).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static DefaultHttpContext Request(string? accept)
    {
        var context = new DefaultHttpContext { Response = { Body = new MemoryStream() } };
        context.Request.Headers.Accept = accept;
        return context;
    }

    private static string TextOf(DefaultHttpContext context) => Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
}
