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
    public void Reads_type_and_object_in_any_order_and_ignores_other_members(string type, WatchEventType expected)
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
    public void Throws_an_error_event_with_its_status()
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
    public void Throws_an_error_event_without_a_status_as_InternalServerError(string line)
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
    public void Throws_JsonException_for_a_malformed_event(string line)
    {
        Should.Throw<JsonException>(() => Read(line));
    }

    [Fact]
    public void Throws_JsonException_for_text_that_is_not_UTF_8()
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
            Should.Throw<JsonException>(() => WatchEventJson.Read(line, SourceGenerationContext.Default.V1ConfigMap, _ => true));
        }
    }

    [Theory]
    [InlineData("ADDED")]
    [InlineData("MODIFIED")]
    public void Returns_a_bookmark_for_an_object_of_a_known_version(string type)
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
    public void Throws_JsonException_for_a_malformed_event_even_if_every_version_is_known()
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
    public void Reads_unknown_versions_deletions_and_bookmarks(string type, string version)
    {
        var change = Read($$$"""{"type":"{{{type}}}","object":{"metadata":{"name":"a","resourceVersion":"{{{version}}}"} } }""", known => known == "12");

        (change.Type.ToString().ToUpperInvariant(), change.Entity.Text()).ShouldBe((type, $"a@{version}"));
    }

    [Theory]
    [InlineData("""{"metadata":{"name":"a"}}""")]
    [InlineData("""{"metadata":{},"resourceVersion":"12"}""")]
    [InlineData("""{"metadata":null,"resourceVersion":"12"}""")]
    [InlineData("""{}""")]
    public void Reads_an_object_without_a_version_even_if_every_version_is_known(string map)
    {
        Read($$""" {"type":"ADDED","object":{{map}} } """, _ => true).Type.ShouldBe(WatchEventType.Added);
    }

    private static WatchEvent<V1ConfigMap> Read(string line, Func<string, bool>? isKnown = null) =>
        WatchEventJson.Read(Encoding.UTF8.GetBytes(line), SourceGenerationContext.Default.V1ConfigMap, isKnown);
}
