using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Client;

public sealed class ListStreamTests
{
    private const string Three =
        """
        {"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"7","continue":"x&y"},"items":[
          {"metadata":{"name":"a","resourceVersion":"1"},"data":{"items":"[","metadata":"{"}},
          {"metadata":{"name":"b","resourceVersion":"2","labels":{"ä":"\u20ac"}}}, {"metadata":{"name":"c","resourceVersion":"3"}}]}
        """;

    [Fact]
    public async Task Reads_each_object_and_the_metadata_of_the_list()
    {
        (await ReadAsync(Pieces(Three))).ShouldBe(["a@1", "b@2", "c@3", "continue x&y at 7"]);
    }

    [Fact]
    public async Task Reads_a_list_that_is_split_at_any_byte()
    {
        var bytes = Encoding.UTF8.GetBytes(Three);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            (await ReadAsync(new FakeStream([bytes[..cut], bytes[cut..]]))).ShouldBe(["a@1", "b@2", "c@3", "continue x&y at 7"], $"cut at byte {cut}");
        }
    }

    [Fact]
    public async Task Reads_a_list_byte_by_byte()
    {
        (await ReadAsync(new FakeStream([.. Encoding.UTF8.GetBytes(Three).Select(one => new[] { one })]))).Count.ShouldBe(4);
    }

    [Fact]
    public async Task Reads_objects_that_are_larger_than_any_buffer()
    {
        var item = $$$"""{"metadata":{"name":"a","resourceVersion":"1"},"data":{"k":"{{{new string('x', 3_000_000)}}}"}}""";
        (await ReadAsync(Pieces($$$"""{"items":[{{{item}}},{{{item}}}],"metadata":{"resourceVersion":"2"}}"""))).ShouldBe(["a@1", "a@1", "continue  at 2"]);
    }

    [Theory]
    [InlineData("""{"metadata":{"resourceVersion":"5"},"items":[]}""")]
    [InlineData("""{"metadata":{"resourceVersion":"5"},"items":null}""")]
    [InlineData("""{"metadata":{"resourceVersion":"5"}}""")]
    [InlineData("""{"items":[],"metadata":{"resourceVersion":"5"},"more":[{"items":[{}]}]}""")]
    public async Task Reads_a_list_without_objects(string body) => (await ReadAsync(Pieces(body))).ShouldBe(["continue  at 5"]);

    [Fact]
    public async Task Throws_when_a_list_ends_early_at_any_byte()
    {
        var bytes = Encoding.UTF8.GetBytes(Three);
        for (var end = 0; end < bytes.Length - 1; end++)
        {
            await Should.ThrowAsync<JsonException>(() => ReadAsync(new FakeStream([bytes[..end]])), $"ends after {end} bytes");
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("""{"items":{"metadata":{"name":"a"}}}""")]
    [InlineData("""{"items":[null]}""")]
    [InlineData("""{"items":[[]]}""")]
    [InlineData("<html>")]
    public async Task Throws_when_the_body_is_not_a_list(string body) => await Should.ThrowAsync<JsonException>(() => ReadAsync(Pieces(body)));

    [Fact]
    public async Task Rethrows_the_exception_of_the_callback()
    {
        var list = new ListStream<V1ConfigMap>(SourceGenerationContext.Default.V1ConfigMap, _ => throw new LimitExceededException("enough"));
        await Should.ThrowAsync<LimitExceededException>(() => list.ReadAsync(Pieces(Three), CancellationToken.None));
    }

    private static FakeStream Pieces(string text) => new([.. Encoding.UTF8.GetBytes(text).Chunk(1000)]);

    private static async Task<List<string>> ReadAsync(Stream stream)
    {
        var seen = new List<string>();
        var list = new ListStream<V1ConfigMap>(SourceGenerationContext.Default.V1ConfigMap, map => seen.Add($"{map.Metadata.Name}@{map.Metadata.ResourceVersion}"));
        var metadata = await list.ReadAsync(stream, CancellationToken.None);
        seen.Add($"continue {metadata.ContinueProperty} at {metadata.ResourceVersion}");
        return seen;
    }
}
