using k8s.Models;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Testing.Tracing;

namespace Wayleave.Kubernetes.Tests.Tracing;

public sealed class TraceParentAnnotationTests : IDisposable
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";
    private const string Valid = $"00-{TraceId}-b7ad6b7169203331-01";

    private readonly SpanListener _listener = new(KubernetesTracing.SourceName);
    private readonly KubernetesTracing _tracing = new(isEnabled: true);

    public static TheoryData<string> HostileValues =>
    [
        "", " ", "01", $"00-{TraceId}-b7ad6b7169203331", $"{Valid} ", $"{Valid}-more", Valid.ToUpperInvariant(),
        "00-00000000000000000000000000000000-b7ad6b7169203331-01", $"00-{TraceId}-0000000000000000-01",
        $"ff-{TraceId}-b7ad6b7169203331-01", $"00_{TraceId}_b7ad6b7169203331_01", Valid.Replace('a', 'é'), Valid.Replace("-01", "-\r\n", StringComparison.Ordinal),
        new string('0', 55), new string('a', 100_000), "{\"traceId\": 1}",
    ];

    public void Dispose()
    {
        _tracing.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public void Links_the_span_to_the_trace_and_does_not_join_it()
    {
        using var span = _tracing.StartReconcile("Thing").ShouldNotBeNull();

        TraceParentAnnotation.LinkCurrentSpan(Annotated(Valid));

        var link = span.Links.ShouldHaveSingleItem().Context;
        (link.TraceId.ToHexString(), link.SpanId.ToHexString(), link.IsRemote).ShouldBe((TraceId, "b7ad6b7169203331", true));
        span.TraceId.ToHexString().ShouldNotBe(TraceId);
        TraceParentAnnotation.Find(Annotated(Valid)).ShouldBe(Valid);
    }

    [Theory]
    [MemberData(nameof(HostileValues))]
    public void Ignores_a_value_that_is_not_a_traceparent(string value)
    {
        using var span = _tracing.StartReconcile("Thing").ShouldNotBeNull();

        TraceParentAnnotation.LinkCurrentSpan(Annotated(value));

        span.Links.ShouldBeEmpty();
        TraceParentAnnotation.Find(Annotated(value)).ShouldBeNull();
    }

    [Fact]
    public void Links_each_trace_once_and_at_most_32()
    {
        using var span = _tracing.StartReconcile("Thing").ShouldNotBeNull();
        var objects = Enumerable.Range(0, 100).Select(number => Annotated(Valid.Replace("-01", $"-{number % 50:x2}", StringComparison.Ordinal)
            .Replace("b7ad", $"b7{number % 50:x2}", StringComparison.Ordinal))).ToList();

        TraceParentAnnotation.LinkCurrentSpan([.. objects.Take(3), .. objects.Take(3)], static map => map);
        span.Links.Count().ShouldBe(3);
        TraceParentAnnotation.LinkCurrentSpan(objects, static map => map);

        span.Links.Count().ShouldBe(32);
        span.Links.Distinct().Count().ShouldBe(32);
    }

    [Fact]
    public void Does_nothing_without_a_span()
    {
        System.Diagnostics.Activity.Current = null;

        Should.NotThrow(() => TraceParentAnnotation.LinkCurrentSpan(Annotated(Valid)));
    }

    private static V1ConfigMap Annotated(string value)
    {
        var map = Given.ConfigMap("annotated");
        map.Metadata.Annotations = new Dictionary<string, string>(StringComparer.Ordinal) { [TraceParentAnnotation.Name] = value };
        return map;
    }
}
