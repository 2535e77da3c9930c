using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Protobuf;
using Wayleave.Kubernetes.Tests.Support;

namespace Wayleave.Kubernetes.Tests.Protobuf;

public sealed class ProtobufListStreamTests
{
    private static readonly byte[] _three = List(
        ProtobufBytes.Deployment("a", "1"), ProtobufBytes.Deployment("b", "2"), ProtobufBytes.Deployment("c", "3"));

    [Fact]
    public async Task Reads_each_object_and_the_metadata_of_the_list() =>
        (await ReadAsync(new MemoryStream(_three))).ShouldBe(["a@1", "b@2", "c@3", "continue x&y at 7, 4 more"]);

    [Fact]
    public async Task Reads_a_list_that_is_split_at_any_byte()
    {
        for (var cut = 1; cut < _three.Length; cut++)
        {
            (await ReadAsync(new FakeStream([_three[..cut], _three[cut..]]))).Count.ShouldBe(4, $"cut at byte {cut}");
        }
    }

    [Fact]
    public async Task Reads_objects_that_are_larger_than_any_buffer()
    {
        var large = ProtobufBytes.Deployment("a", "1", new string('x', 3_000_000));

        (await ReadAsync(new FakeStream([.. List(large, large).Chunk(1000)]))).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Reads_a_list_without_objects() => (await ReadAsync(new MemoryStream(List()))).ShouldBe(["continue x&y at 7, 4 more"]);

    [Fact]
    public async Task Throws_when_a_list_ends_early_at_any_byte()
    {
        // After the list, its envelope has two fields that are empty, of two bytes each.
        for (var end = 0; end < _three.Length - 4; end++)
        {
            await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(new MemoryStream(_three[..end])), $"ends after {end} bytes");
        }
    }

    [Fact]
    public async Task Throws_when_the_body_is_not_protobuf() =>
        await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(new MemoryStream("""{"items":[]}"""u8.ToArray())));

    [Fact]
    public async Task Throws_when_an_object_is_longer_than_the_list()
    {
        var list = ProtobufBytes.Message((2, ProtobufBytes.Deployment("a", "1")));
        byte[] body = [.. ProtobufEnvelope.Magic, 0x12, (byte)(list.Length / 2), .. list];

        await Should.ThrowAsync<InvalidDataException>(() => ReadAsync(new MemoryStream(body)));
    }

    [Fact]
    public async Task Rethrows_the_exception_of_the_callback()
    {
        var list = new ProtobufListStream<PartialDeployment>(WorkloadMessages.Deployment, _ => throw new LimitExceededException("enough"));

        await Should.ThrowAsync<LimitExceededException>(() => list.ReadAsync(new MemoryStream(_three), CancellationToken.None));
    }

    [Fact]
    public async Task Never_fails_in_another_way_whatever_the_bytes()
    {
        var random = new Random(20261128);
        var malformed = 0;
        for (var round = 0; round < 5_000; round++)
        {
            var bytes = _three[..random.Next(_three.Length + 1)];
            for (var change = random.Next(4); change > 0 && bytes.Length > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                await ReadAsync(new MemoryStream(bytes));
            }
            catch (InvalidDataException)
            {
                malformed++;
            }
        }

        malformed.ShouldBeGreaterThan(1_000);
    }

    private static byte[] List(params byte[][] items) => ProtobufBytes.Envelope(
        ProtobufBytes.Message([(1, ProtobufBytes.Message((1, ""), (2, "7"), (3, "x&y"), (4, 4))), .. items.Select(item => (2, (object)item))]), "DeploymentList");

    private static async Task<List<string>> ReadAsync(Stream stream)
    {
        var seen = new List<string>();
        var list = new ProtobufListStream<PartialDeployment>(
            WorkloadMessages.Deployment, item => seen.Add($"{item.Metadata.Name}@{item.Metadata.ResourceVersion}"));
        V1ListMeta metadata = await list.ReadAsync(stream, CancellationToken.None);
        seen.Add($"continue {metadata.ContinueProperty} at {metadata.ResourceVersion}, {metadata.RemainingItemCount} more");
        return seen;
    }
}
