using System.Diagnostics;
using System.Net;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Testing.Tracing;

namespace Wayleave.Kubernetes.Tests.Tracing;

public sealed class ReconcileSpanTests : IDisposable
{
    private readonly SpanListener _listener = new(KubernetesTracing.SourceName);

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_reconcile_is_the_first_span_of_a_trace_and_has_its_object_result_attempt_and_wait()
    {
        await using var running = new RunningController((_, _) => Task.FromResult(ReconciliationResult.Stalled("PortMissing")), traces: true);
        running.Add("span-root");
        running.Time.Advance(TimeSpan.FromSeconds(2));
        using var parent = new Activity("starts the controller").Start();

        running.Start();
        await running.IdleAsync();

        var span = await SpanAsync("span-root");
        (span.OperationName, span.Kind, span.ParentId, span.Status).ShouldBe(("reconcile Thing", ActivityKind.Internal, null, ActivityStatusCode.Unset));
        span.TraceId.ShouldNotBe(parent.TraceId);
        span.TagObjects.ShouldBe(
            [
                new(SpanAttributes.Kind, "Thing"),
                new(SpanAttributes.Namespace, "shop"),
                new(SpanAttributes.Name, "span-root"),
                new(SpanAttributes.Controller, "tests"),
                new(SpanAttributes.Attempt, 1),
                new(SpanAttributes.QueueWait, 2.0),
                new(SpanAttributes.Result, "stalled"),
                new(SpanAttributes.Reason, "PortMissing"),
            ],
            ignoreOrder: true);
    }

    [Fact]
    public async Task A_failed_reconcile_has_the_type_of_the_error_and_not_its_message()
    {
        await using var running = new RunningController((_, _) => throw new InvalidOperationException("secret"), traces: true).Start();

        running.Add("span-failed");
        await running.IdleAsync();

        var span = await SpanAsync("span-failed");
        (span.Status, span.StatusDescription).ShouldBe((ActivityStatusCode.Error, null));
        span.GetTagItem(SpanAttributes.Result).ShouldBe("error");
        span.GetTagItem(SpanAttributes.ErrorType).ShouldBe("System.InvalidOperationException");
        span.TagObjects.ShouldNotContain(tag => tag.Value!.ToString()!.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refusal_of_the_API_server_has_its_status_code_as_error_type()
    {
        await using var running = new RunningController(
            (_, _) => throw ApiErrors.Create(new V1Status { Message = "changed" }, HttpStatusCode.Conflict), traces: true).Start();

        running.Add("span-conflict");
        await running.IdleAsync();

        (await SpanAsync("span-conflict")).GetTagItem(SpanAttributes.ErrorType).ShouldBe("409");
    }

    [Fact]
    public async Task An_interrupted_reconcile_is_no_error()
    {
        await using var blocked = new RunningController(
            async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return ReconciliationResult.Done;
            },
            traces: true).Start();
        blocked.Add("span-interrupted");
        await Soon.UntilAsync("the reconcile", () => blocked.Reconciler.Keys.Count == 1);

        await blocked.AbortAsync();
        await Soon.WithinAsync(blocked.Run);

        var span = await SpanAsync("span-interrupted");
        (span.Status, span.GetTagItem(SpanAttributes.Result)).ShouldBe((ActivityStatusCode.Unset, "interrupted"));
    }

    [Fact]
    public async Task Without_tracing_there_is_a_trace_ID_and_no_span()
    {
        Activity? seen = null;
        await using var running = new RunningController((_, _) =>
        {
            seen = Activity.Current;
            return Task.FromResult(ReconciliationResult.Done);
        }).Start();

        running.Add("span-off");
        await running.IdleAsync();

        seen.ShouldNotBeNull();
        (seen.TraceId == default, seen.IsAllDataRequested, seen.TagObjects.Any()).ShouldBe((false, false, false));
        _listener.With(SpanAttributes.Name, "span-off").ShouldBeEmpty();
    }

    // A span ends after the queue is idle.
    private async Task<Activity> SpanAsync(string name)
    {
        await Soon.UntilAsync("the span to end", () => _listener.With(SpanAttributes.Name, name).Any());
        return _listener.With(SpanAttributes.Name, name).ShouldHaveSingleItem();
    }
}
