using System.Net;
using Google.Protobuf;
using Wayleave.Ingest;
using Wayleave.Ingest.V1;
using Wayleave.Mapper.Observing;

namespace Wayleave.Mapper.Tests.Observing;

public sealed class BatchReaderTests
{
    private static readonly Guid _uid = Guid.Parse("01234567-89ab-cdef-0123-456789abcdef");
    private readonly Batch _batch = new() { Instance = ByteString.CopyFrom(1, 2), Sequence = 7 };

    public BatchReaderTests() => _batch.Endpoints.Add(new Endpoint
    {
        Id = 1,
        PodUid = ByteString.CopyFrom(Convert.FromHexString("0123456789abcdef0123456789abcdef")),
        Addresses = { Bytes("10.1.0.1") },
    });

    [Fact]
    public void Reads_a_flow_with_its_client()
    {
        _batch.Flows.Add(Flow());

        var read = BatchReader.Read(new AcceptedBatch("node-1", _batch));

        (read.Instance, read.Sequence, read.Node).ShouldBe(("0102", 7ul, "node-1"));
        var flow = read.Flows.ShouldHaveSingleItem();
        flow.Client.PodUid.ShouldBe(_uid);
        (flow.CalledAddress, flow.CalledPort).ShouldBe((IPAddress.Parse("10.96.0.1"), 80));
        (flow.BackendAddress, flow.BackendPort).ShouldBe((IPAddress.Parse("10.1.0.2"), 8080));
        (flow.Connected, flow.First, flow.Last).ShouldBe((3, DateTimeOffset.FromUnixTimeMilliseconds(1000), DateTimeOffset.FromUnixTimeMilliseconds(2000)));
    }

    [Fact]
    public void Reads_an_IPv4_address_in_the_form_of_IPv6_as_IPv4()
    {
        var flow = Flow();
        flow.CalledAddress = Bytes("::ffff:10.96.0.1");
        _batch.Flows.Add(flow);

        BatchReader.Read(new AcceptedBatch("node-1", _batch)).Flows[0].CalledAddress.ShouldBe(IPAddress.Parse("10.96.0.1"));
    }

    [Fact]
    public void Leaves_out_what_cannot_be_read()
    {
        var stranger = Flow();
        stranger.Client = 2;
        var crooked = Flow();
        crooked.CalledAddress = ByteString.CopyFrom(1, 2, 3);
        var portless = Flow();
        portless.CalledPort = 70_000;
        var sourceless = Flow();
        sourceless.Source = Source.Unspecified;
        _batch.Flows.AddRange([stranger, crooked, portless, sourceless]);
        _batch.Answers.Add(new Answer { Client = 2, Name = "a.example.com" });

        var read = BatchReader.Read(new AcceptedBatch("node-1", _batch));

        (read.Flows.Length, read.Answers.Length).ShouldBe((0, 0));
    }

    [Fact]
    public void Survives_any_time_and_any_time_to_live()
    {
        var flow = Flow();
        (flow.FirstMs, flow.LastMs) = (0, ulong.MaxValue);
        _batch.Flows.Add(flow);
        _batch.Answers.Add(new Answer { Client = 1, Name = "a.example.com", Addresses = { Bytes("203.0.113.1") }, Ttl = uint.MaxValue, LastMs = ulong.MaxValue });

        var read = BatchReader.Read(new AcceptedBatch("node-1", _batch));

        (read.Answers[0].At + read.Answers[0].TimeToLive).ShouldBeGreaterThan(read.Flows[0].Last);
    }

    private static Flow Flow() => new()
    {
        Client = 1,
        CalledAddress = Bytes("10.96.0.1"),
        CalledPort = 80,
        BackendAddress = Bytes("10.1.0.2"),
        BackendPort = 8080,
        Source = Source.Tcp,
        Connected = 3,
        FirstMs = 1000,
        LastMs = 2000,
    };

    private static ByteString Bytes(string address) => ByteString.CopyFrom(IPAddress.Parse(address).GetAddressBytes());
}
