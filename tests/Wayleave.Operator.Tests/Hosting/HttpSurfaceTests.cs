using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Metrics;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>What the probes answer.</summary>
public sealed class HttpSurfaceTests : IDisposable
{
    private readonly HealthState _health = new();
    private readonly PrometheusMetrics _metrics = new();
    private readonly RequestDelegate _answer;

    public HttpSurfaceTests()
    {
        var nothing = new Dictionary<string, string>(StringComparer.Ordinal);
        var options = OperatorOptions.Read(nothing, nothing);
        var application = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());
        new HttpSurface(_health, _metrics, options, []).Map(application);
        _answer = application.Build();
    }

    [Fact]
    public async Task Is_alive_whatever_it_waits_for()
    {
        (await AskAsync("/healthz")).ShouldBe((200, "ok\n"));
        _health.Waiting("the API server is away");
        (await AskAsync("/healthz")).ShouldBe((200, "ok\n"));
        _health.Started([new FakeInformer(_ => Task.CompletedTask) { HasSynced = false }]);
        (await AskAsync("/healthz")).ShouldBe((200, "ok\n"));
    }

    [Fact]
    public async Task Is_ready_when_every_cache_has_synced_and_says_until_then_what_it_waits_for()
    {
        (await AskAsync("/readyz")).ShouldBe((503, "waiting for the API server\n"));
        _health.Waiting("namespace \"home\" does not exist");
        (await AskAsync("/readyz")).ShouldBe((503, "waiting: namespace \"home\" does not exist\n"));

        var informer = new FakeInformer(_ => Task.CompletedTask) { HasSynced = false };
        _health.Started([informer]);
        (await AskAsync("/readyz")).ShouldBe((503, "waiting for the first list of things\n"));
        informer.HasSynced = true;
        (await AskAsync("/readyz")).ShouldBe((200, "ok\n"));
    }

    public void Dispose() => _metrics.Dispose();

    private async Task<(int Status, string Text)> AskAsync(string path)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext { Request = { Path = path }, Response = { Body = body } };
        context.Features.Set<IConnectionItemsFeature>(new ProbePort());
        await _answer(context);
        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }

    private sealed class ProbePort : IConnectionItemsFeature
    {
        public IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?> { ["wayleave.surface"] = "probes" };
    }
}
