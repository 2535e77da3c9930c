using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using Wayleave.Hosting;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>Responses of the probe port and the metrics port.</summary>
public sealed class HttpEndpointsTests : IDisposable
{
    private readonly HealthState _health = new();
    private readonly MeterProvider _metrics = PrometheusExport.Collect(["Wayleave.Endpoints"]);
    private readonly RequestDelegate _answer;

    public HttpEndpointsTests()
    {
        var nothing = new Dictionary<string, string>(StringComparer.Ordinal);
        var options = OperatorOptions.Read(nothing, nothing);
        var application = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());
        new HttpEndpoints(_health, _metrics, options, [], []).Map(application);
        _answer = application.Build();
    }

    [Fact]
    public async Task Healthz_answers_200_even_while_the_operator_is_not_ready()
    {
        (await AskAsync("/healthz")).ShouldBe((200, "ok\n"));
        _health.SetWaiting("the API server is away");
        (await AskAsync("/healthz")).ShouldBe((200, "ok\n"));
        _health.SetInformers([new FakeInformer(_ => Task.CompletedTask) { HasSynced = false }]);
        (await AskAsync("/healthz")).ShouldBe((200, "ok\n"));
    }

    [Fact]
    public async Task Readyz_answers_503_with_the_reason_until_all_caches_have_synced()
    {
        (await AskAsync("/readyz")).ShouldBe((503, "waiting for the API server\n"));
        _health.SetWaiting("namespace \"home\" does not exist");
        (await AskAsync("/readyz")).ShouldBe((503, "waiting: namespace \"home\" does not exist\n"));

        var informer = new FakeInformer(_ => Task.CompletedTask) { HasSynced = false };
        _health.SetInformers([informer]);
        (await AskAsync("/readyz")).ShouldBe((503, "waiting for the first list of things\n"));
        informer.HasSynced = true;
        (await AskAsync("/readyz")).ShouldBe((200, "ok\n"));
    }

    [Fact]
    public async Task Serves_metrics_only_on_the_metrics_port()
    {
        using var meter = new Meter("Wayleave.Endpoints");
        meter.CreateCounter<long>("test_shown_total").Add(1);

        (await AskAsync("/metrics", "metrics")).ShouldBe((200, "# TYPE test_shown_total counter\ntest_shown_total{} 1\n"));
        (await AskAsync("/metrics")).Status.ShouldBe(404);
        (await AskAsync("/readyz", "metrics")).Status.ShouldBe(404);
    }

    public void Dispose() => _metrics.Dispose();

    private async Task<(int Status, string Text)> AskAsync(string path, string port = "probes")
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Path = path }, Response = { Body = body } };
        context.Features.Set<IConnectionItemsFeature>(new Port(port));
        await _answer(context);
        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }

    private sealed class Port(string name) : IConnectionItemsFeature
    {
        public IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?> { ["wayleave.port"] = name };
    }
}
