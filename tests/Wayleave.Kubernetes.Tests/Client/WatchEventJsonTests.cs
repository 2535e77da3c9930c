using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Client;

public sealed class WatchEventJsonTests
{
    [Theory]
    [InlineData("ADDED", WatchEventType.Added)]
    [InlineData("MODIFIED", WatchEventType.Modified)]
    [InlineData("DELETED", WatchEventType.Deleted)]
    [InlineData("BOOKMARK", WatchEventType.Bookmark)]
    public void The_members_may_stand_in_either_order_and_among_others(string type, WatchEventType expected)
    {
        const string map = """{"kind":"ConfigMap","metadata":{"name":"a","resourceVersion":"1","unknown":{"type":"x","object":[1]}}}""";
        string[] lines =
        [
            $$"""{"type":"{{type}}","object":{{map}}}""",
            $$"""{"object":{{map}},"type":"{{type}}"}""",
            $$""" { "more": [{"type":"ERROR"}], "object" : {{map}}, "extra": {"object":1}, "type" : "{{type}}", "last": null } """,
        ];

        foreach (var line in lines)
        {
            var change = Read(line);

            (change.Type, change.Entity.Text()).ShouldBe((expected, "a@1"));
        }
    }

    [Fact]
    public void An_error_is_thrown_with_its_status()
    {
        const string status = """{"kind":"Status","code":410,"reason":"Expired","message":"too old resource version: 1 (9)"}""";

        foreach (var line in new[] { $$"""{"type":"ERROR","object":{{status}}}""", $$"""{"object":{{status}},"type":"ERROR"}""" })
        {
            var error = Should.Throw<KubernetesException>(() => Read(line));

            error.IsGone.ShouldBeTrue();
            error.StatusCode.ShouldBe(HttpStatusCode.Gone);
            error.Message.ShouldContain("too old resource version: 1 (9)");
        }
    }

    [Theory]
    [InlineData("""{"type":"ERROR","object":{}}""")]
    [InlineData("""{"type":"ERROR","object":null}""")]
    public void An_error_that_says_nothing_is_an_internal_one(string line)
    {
        Should.Throw<KubernetesException>(() => Read(line)).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("hello")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("[1]")]
    [InlineData("\"type\"")]
    [InlineData("{}")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"object":{}}""")]
    [InlineData("""{"type":"ADDED","object":null}""")]
    [InlineData("""{"type":"ADDED","object":5}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":5}}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"creationTimestamp":"yesterday"}}}""")]
    [InlineData("""{"type":"ADDED","object":{"metadata":{"name":"a"}""")]
    [InlineData("""{"type":"SURPRISE","object":{}}""")]
    [InlineData("""{"type":null,"object":{}}""")]
    [InlineData("""{"type":7,"object":{}}""")]
    [InlineData("<html>")]
    public void Garbage_is_a_json_exception_whatever_it_is(string line)
    {
        Should.Throw<JsonException>(() => Read(line));
    }

    [Fact]
    public void Text_that_is_not_utf_8_is_garbage_too()
    {
        byte[][] lines =
        [
            [.. """{"type":"ADD"""u8, 0xff, .. "\",\"object\":{}}"u8],
            [.. """{"type":"ADDED","object":{"metadata":{"name":"""u8, (byte)'"', 0xff, .. "\"}}}"u8],
            [.. """{"type":"ADDED","object":{"metadata":{"resourceVersion":"""u8, (byte)'"', 0xff, .. "\"}}}"u8],
            [0x80, 0x81],
        ];

        foreach (var line in lines)
        {
            Should.Throw<JsonException>(() => WatchEventJson.Read(new ReadOnlySequence<byte>(line), SourceGenerationContext.Default.V1ConfigMap, _ => true));
        }
    }

    [Theory]
    [InlineData("ADDED")]
    [InlineData("MODIFIED")]
    public void An_object_of_a_known_version_is_not_read_and_comes_as_a_bookmark(string type)
    {
        string[] lines =
        [
            $$$"""{"type":"{{{type}}}","object":{"kind":"ConfigMap","metadata":{"name":"a","resourceVersion":"12"},"data":5}}""",
            $$$"""{"object":{"data":{"metadata":{"resourceVersion":"1"}},"metadata":{"managedFields":[{"resourceVersion":"2"}],"resourceVersion":"12"}},"type":"{{{type}}}"}""",
        ];

        foreach (var line in lines)
        {
            var change = Read(line, version => version == "12");

            (change.Type, change.Entity.Metadata.Name, change.Entity.Metadata.ResourceVersion).ShouldBe((WatchEventType.Bookmark, null, "12"));
        }
    }

    [Fact]
    public void Garbage_is_a_json_exception_whatever_is_known()
    {
        foreach (var line in new[] { """{"type":"ADDED","object":5}""", """{"type":"ADDED","object":null}""", """{"type":"ADDED","object":{"metadata":5}}""", """{"type":"ADDED","object":{"metadata":{"resourceVersion":"\ud800"}}}""", """{"type":"ADDED","object":{"metadata":{"resourceVersion":""" })
        {
            Should.Throw<JsonException>(() => Read(line, _ => true));
        }
    }

    [Theory]
    [InlineData("ADDED", "13")]
    [InlineData("DELETED", "12")]
    [InlineData("BOOKMARK", "12")]
    public void Any_other_object_is_read_whatever_is_known(string type, string version)
    {
        var change = Read($$$"""{"type":"{{{type}}}","object":{"metadata":{"name":"a","resourceVersion":"{{{version}}}"} } }""", known => known == "12");

        (change.Type.ToString().ToUpperInvariant(), change.Entity.Text()).ShouldBe((type, $"a@{version}"));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a"}}""")]
    [InlineData("""{"metadata":{},"resourceVersion":"12"}""")]
    [InlineData("""{"metadata":null,"resourceVersion":"12"}""")]
    [InlineData("""{}""")]
    public void An_object_without_a_version_is_known_to_nobody(string map)
    {
        Read($$""" {"type":"ADDED","object":{{map}} } """, _ => true).Type.ShouldBe(WatchEventType.Added);
    }

    private static WatchEvent<V1ConfigMap> Read(string line, Func<string, bool>? isKnown = null) =>
        WatchEventJson.Read(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(line)), SourceGenerationContext.Default.V1ConfigMap, isKnown);
}
