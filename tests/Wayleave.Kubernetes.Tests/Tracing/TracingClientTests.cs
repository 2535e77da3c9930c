using System.Diagnostics;
using System.Net;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Tracing;

namespace Wayleave.Kubernetes.Tests.Tracing;

public sealed class TracingClientTests : IDisposable
{
    private readonly SpanListener _listener = new(KubernetesTracing.SourceName);
    private readonly KubernetesTracing _tracing = new(isEnabled: true);
    private readonly ClientOfOne _client = new();

    public void Dispose()
    {
        _tracing.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public async Task Each_request_of_a_reconcile_is_a_span_below_it()
    {
        var client = _tracing.Trace(_client, Given.Registry, "east");
        using (_tracing.StartReconcile("Thing"))
        {
            await client.CreateAsync(Given.ConfigMap("requests"), default);
            await client.DeleteAsync<V1ConfigMap>("requests", "shop", null, default);
        }

        var spans = _listener.With(SpanAttributes.Name, "requests");
        spans.Select(span => span.OperationName).ShouldBe(["create ConfigMap", "delete ConfigMap"]);
        var reconcile = _listener.Ended.Single(span => span.SpanId == spans[0].ParentSpanId);
        spans.ShouldAllBe(span => span.Kind == ActivityKind.Client && span.ParentSpanId == reconcile.SpanId && span.TraceId == reconcile.TraceId);
        spans[0].TagObjects.ShouldBe(
            [
                new(SpanAttributes.Kind, "ConfigMap"), new(SpanAttributes.Namespace, "shop"), new(SpanAttributes.Name, "requests"),
                new(SpanAttributes.Cluster, "east"),
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task The_span_of_a_refused_request_has_the_status_code_and_the_caller_gets_the_error()
    {
        _client.Error = ApiErrors.Create(new V1Status { Message = "quota" }, HttpStatusCode.Forbidden);
        var client = _tracing.Trace(_client, Given.Registry);
        using (_tracing.StartReconcile("Thing"))
        {
            (await Should.ThrowAsync<Exception>(client.CreateAsync(Given.ConfigMap("refused"), default))).ShouldBeSameAs(_client.Error);
            Activity.Current!.OperationName.ShouldBe("reconcile Thing");
        }

        var span = _listener.With(SpanAttributes.Name, "refused").ShouldHaveSingleItem();
        (span.Status, span.GetTagItem(SpanAttributes.ErrorType)).ShouldBe((ActivityStatusCode.Error, "403"));
    }

    [Fact]
    public async Task A_request_outside_of_a_reconcile_or_after_its_end_has_no_span()
    {
        var client = _tracing.Trace(_client, Given.Registry);
        Activity.Current = null;
        await client.CreateAsync(Given.ConfigMap("outside"), default);
        using var ended = _tracing.StartReconcile("Thing").ShouldNotBeNull();
        var later = new TaskCompletionSource();
        var work = LaterAsync();

        ended.Stop();
        later.SetResult();
        await work;

        _listener.With(SpanAttributes.Name, "outside").ShouldBeEmpty();

        async Task LaterAsync()
        {
            await later.Task;
            await client.CreateAsync(Given.ConfigMap("outside"), default);
        }
    }

    [Fact]
    public void Without_tracing_it_is_the_client_itself()
    {
        using var off = new KubernetesTracing(isEnabled: false);

        off.Trace(_client, Given.Registry).ShouldBeSameAs(_client);
        off.StartReconcile("Thing").ShouldBeNull();
    }

    [Fact]
    public async Task Requests_carry_traceparent_only_in_a_recorded_span()
    {
        List<string?> headers = [];
        using var chain = new HttpMessageInvoker(new TracePropagationHandler
        {
            InnerHandler = new FakeHttpHandler((request, _) =>
            {
                headers.Add(request.Headers.TryGetValues("traceparent", out var values) ? values.Single() : null);
                return FakeHttpHandler.Ok;
            }),
        });
        using var message = new HttpRequestMessage(HttpMethod.Get, "https://cluster.example/version");
        Activity.Current = null;

        (await chain.SendAsync(message, default)).Dispose();
        using (new Activity("off") { IsAllDataRequested = false }.Start())
        {
            (await chain.SendAsync(message, default)).Dispose();
        }

        using var span = _tracing.StartReconcile("Thing").ShouldNotBeNull();
        (await chain.SendAsync(message, default)).Dispose();
        (await chain.SendAsync(message, default)).Dispose();

        headers.ShouldBe([null, null, span.Id, span.Id]);
    }

    /// <summary>Accepts everything, or fails with the error that a test sets.</summary>
    private sealed class ClientOfOne : FakeKubernetesClient
    {
        public Exception? Error { get; set; }

        public override Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken) =>
            Error is { } error ? Task.FromException<TEntity>(error) : Task.FromResult(entity);

        public override Task<bool> DeleteAsync<TEntity>(
            string name, string? @namespace, V1Preconditions? preconditions, CancellationToken cancellationToken) => Task.FromResult(true);
    }
}
