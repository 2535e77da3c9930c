using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Client;

public sealed class WatchStreamTests
{
    private const string Three =
        """{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"},"data":{"k":"ä\n\u20ac"}}}""" + "\n" +
        """{"object":{"kind":"ConfigMap","metadata":{"name":"b","resourceVersion":"2"}},"type":"MODIFIED"}""" + "\n" +
        """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"3"}}}""" + "\n";

    [Fact]
    public async Task Reads_each_line_as_an_event()
    {
        (await ReadAsync(Pieces(Three))).ShouldBe(["Added a@1", "Modified b@2", "Bookmark @3"]);
    }

    [Fact]
    public async Task Reads_lines_that_are_split_at_any_byte()
    {
        var bytes = Encoding.UTF8.GetBytes(Three);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            (await ReadAsync(new FakeStream([bytes[..cut], bytes[cut..]]))).ShouldBe(["Added a@1", "Modified b@2", "Bookmark @3"], $"cut at byte {cut}");
        }
    }

    [Fact]
    public async Task Reads_lines_byte_by_byte()
    {
        (await ReadAsync(new FakeStream([.. Encoding.UTF8.GetBytes(Three).Select(one => new[] { one })]))).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Reads_lines_that_are_larger_than_any_buffer()
    {
        var large = new string('x', 3_000_000);
        var line = """{"type":"ADDED","object":{"metadata":{"name":"a","resourceVersion":"1"},"data":{"k":"LARGE"}}}""".Replace("LARGE", large) + "\n";
        var lengths = new List<int>();

        var changes = WatchStream.ReadAsync(Pieces(line + line), new JsonFormat<V1ConfigMap>(SourceGenerationContext.Default.V1ConfigMap), null, long.MaxValue, null, default);
        await foreach (var change in changes)
        {
            lengths.Add(change.Entity.Data!["k"].Length);
        }

        lengths.ShouldBe([3_000_000, 3_000_000]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public async Task Drops_an_incomplete_last_line_unless_it_ends_with_a_line_break(string after)
    {
        var pieces = Pieces(Three + """{"type":"ADDED","object":{"metadata":{"name":"c","resourceV""" + after);

        var seen = new List<string>();
        var reading = ReadAsync(pieces, seen);

        if (after.Length > 0)
        {
            // With a line break, the line is complete and malformed.
            await Should.ThrowAsync<JsonException>(() => reading);
        }
        else
        {
            await reading;
        }

        seen.ShouldBe(["Added a@1", "Modified b@2", "Bookmark @3"]);
    }

    [Fact]
    public async Task Returns_the_events_before_the_stream_breaks()
    {
        var seen = new List<string>();

        await Should.ThrowAsync<IOException>(() => ReadAsync(new FakeStream([Encoding.UTF8.GetBytes(Three)], new IOException("reset")), seen));

        seen.Count.ShouldBe(3);
    }

    [Fact]
    public async Task An_empty_stream_has_no_events()
    {
        (await ReadAsync(Pieces(""))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Returns_an_event_as_soon_as_its_line_is_complete()
    {
        var stream = new FakeStream([Encoding.UTF8.GetBytes(Three)], hang: true);
        using var stop = new CancellationTokenSource();
        var seen = new List<string>();

        var reading = ReadAsync(stream, seen, stop.Token);
        await Soon.UntilAsync("three events", () => seen.Count == 3);

        reading.IsCompleted.ShouldBeFalse();
        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Soon.WithinAsync(reading));
    }

    private static FakeStream Pieces(string text) => new([.. Encoding.UTF8.GetBytes(text).Chunk(8 * 1024)]);

    private static async Task<List<string>> ReadAsync(Stream stream, List<string>? seen = null, CancellationToken cancellationToken = default)
    {
        seen ??= [];
        var changes = WatchStream.ReadAsync(stream, new JsonFormat<V1ConfigMap>(SourceGenerationContext.Default.V1ConfigMap), null, long.MaxValue, null, cancellationToken);
        await foreach (var change in changes)
        {
            seen.Add($"{change.Type} {change.Entity.Text()}");
        }

        return seen;
    }
}
