using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Protobuf;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Protobuf;

public sealed class ProtobufWatchTests
{
    private static readonly byte[] _three =
    [
        .. ProtobufBytes.Event("ADDED", ProtobufBytes.Deployment("a", "1")),
        .. ProtobufBytes.Event("MODIFIED", ProtobufBytes.Deployment("a", "2")),
        .. ProtobufBytes.Event("DELETED", ProtobufBytes.Deployment("a", "3")),
    ];

    [Fact]
    public async Task Reads_each_event() => (await ReadAsync(new MemoryStream(_three))).ShouldBe(["Added a@1", "Modified a@2", "Deleted a@3"]);

    [Fact]
    public async Task Reads_events_that_are_split_at_any_byte()
    {
        for (var cut = 1; cut < _three.Length; cut++)
        {
            (await ReadAsync(new FakeStream([_three[..cut], _three[cut..]]))).Count.ShouldBe(3, $"cut at byte {cut}");
        }
    }

    [Fact]
    public async Task Drops_an_incomplete_last_event() => (await ReadAsync(new MemoryStream(_three[..^1]))).ShouldBe(["Added a@1", "Modified a@2"]);

    [Fact]
    public async Task Reads_a_bookmark()
    {
        var bookmark = ProtobufBytes.Event("BOOKMARK", ProtobufBytes.Message((1, ProtobufBytes.Message((6, "9")))));

        (await ReadAsync(new MemoryStream(bookmark))).ShouldBe(["Bookmark @9"]);
    }

    [Fact]
    public async Task Skips_the_object_of_a_known_version()
    {
        (await ReadAsync(new MemoryStream(_three), isKnown: _ => true)).ShouldBe(["Bookmark @1", "Bookmark @2", "Deleted a@3"]);
        (await ReadAsync(new MemoryStream(_three), isKnown: version => version == "2")).ShouldBe(["Added a@1", "Bookmark @2", "Deleted a@3"]);
    }

    [Fact]
    public async Task Throws_the_error_that_the_API_server_sends()
    {
        var status = ProtobufBytes.Message((2, "Failure"), (3, "too old resource version"), (4, "Expired"), (6, 410));

        var error = await Should.ThrowAsync<KubernetesException>(() => ReadAsync(new MemoryStream(ProtobufBytes.Event("ERROR", status, "Status"))));

        (error.IsGone, error.Status.Message).ShouldBe((true, "too old resource version"));
    }

    [Fact]
    public async Task Throws_for_an_event_of_an_unknown_or_missing_type()
    {
        foreach (var type in new[] { "RENAMED", "" })
        {
            var change = ProtobufBytes.Event(type, ProtobufBytes.Deployment("a", "1"));
            await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(new MemoryStream(change)));
        }
    }

    [Fact]
    public async Task Throws_when_an_event_exceeds_the_limit()
    {
        var large = ProtobufBytes.Event("ADDED", ProtobufBytes.Deployment("a", "1", new string('x', 100_000)));

        await Should.ThrowAsync<LimitExceededException>(() => ReadAsync(new FakeStream([.. large.Chunk(1000)]), largest: 50_000));
    }

    private static async Task<List<string>> ReadAsync(Stream stream, Func<string, bool>? isKnown = null, long largest = long.MaxValue)
    {
        var seen = new List<string>();
        var format = new ProtobufFormat<PartialDeployment>(WorkloadMessages.Deployment);
        await foreach (var change in WatchStream.ReadAsync(stream, format, isKnown, largest, deadline: null, CancellationToken.None))
        {
            seen.Add($"{change.Type} {change.Entity.Metadata.Name}@{change.Entity.Metadata.ResourceVersion}");
        }

        return seen;
    }
}
