using Google.Protobuf;
using Wayleave.Ingest.V1;

namespace Wayleave.Ingest.Tests;

public sealed class BatchValidatorTests
{
    private readonly KnownPods _pods = new();

    [Fact]
    public void Keeps_everything_of_a_correct_batch()
    {
        var batch = Batches.Create();
        var checkedBatch = Validate(batch);

        checkedBatch.Result.ShouldBe(BatchResult.Valid, checkedBatch.Problem);
        checkedBatch.Content.ShouldBe(batch);
        checkedBatch.Dropped.ShouldBeEmpty();
    }

    [Fact]
    public void Tells_a_newer_format_from_a_wrong_one()
    {
        Validate(Change(batch => (batch.Schema, batch.Version) = (2, "not for us to judge"))).Result.ShouldBe(BatchResult.UnknownSchema);
        Validate(Change(batch => batch.Schema = 2)).Problem.ShouldBe("schema: 2 is newer than 1, which this mapper supports; upgrade the mapper");
        Validate(Change(batch => batch.Schema = 0)).Result.ShouldBe(BatchResult.Invalid);
    }

    public static TheoryData<string, Action<Batch>> WrongBatches => new()
    {
        { "component", batch => batch.Component = Component.Unspecified },
        { "component", batch => batch.Component = (Component)7 },
        { "version", batch => batch.Version = "" },
        { "version", batch => batch.Version = "latest" },
        { "instance", batch => batch.Instance = ByteString.Empty },
        { "instance", batch => batch.Instance = ByteString.CopyFrom(new byte[15]) },
        { "sequence", batch => batch.Sequence = 0 },
        { "from_ms", batch => batch.FromMs = 0 },
        { "from_ms", batch => batch.FromMs = batch.ToMs + 1 },
        { "to_ms", batch => batch.ToMs = Batches.Time(secondsAgo: -301) },
        { "to_ms", batch => batch.ToMs = ulong.MaxValue },
        { "to_ms", batch => batch.ToMs = 0 },
        { "to_ms", batch => (batch.FromMs, batch.ToMs) = (Batches.Time(3600), Batches.Time(secondsAgo: 1801)) },
        { "endpoints", batch => batch.Endpoints.Add(Enumerable.Repeat(batch.Endpoints[0], BatchLimits.Endpoints)) },
        { "flows", batch => batch.Flows.Add(Enumerable.Repeat(batch.Flows[0], BatchLimits.Flows)) },
        { "answers", batch => batch.Answers.Add(Enumerable.Repeat(batch.Answers[0], BatchLimits.Answers)) },
    };

    [Theory]
    [MemberData(nameof(WrongBatches))]
    public void Refuses_a_wrong_batch_with_the_name_of_the_field(string field, Action<Batch> change)
    {
        var checkedBatch = Validate(Change(change));
        (checkedBatch.Result, checkedBatch.Content).ShouldBe((BatchResult.Invalid, null));
        checkedBatch.Problem.ShouldNotBeNull().ShouldStartWith($"{field}: ");
    }

    [Theory]
    [InlineData(-300, -300)]
    [InlineData(1800, 1800)]
    [InlineData(86400, 0)]
    public void Accepts_a_clock_that_is_a_little_ahead_and_a_batch_that_waited(int fromSecondsAgo, int toSecondsAgo) =>
        Validate(Change(batch => (batch.FromMs, batch.ToMs) = (Batches.Time(fromSecondsAgo), Batches.Time(toSecondsAgo)))).Result.ShouldBe(BatchResult.Valid);

    public static TheoryData<string, int, Action<Batch>> WrongItems => new()
    {
        // Two more items refer to endpoint 1, two to endpoint 3 and one to endpoint 2.
        { DropReasons.InvalidAddress, 3, batch => batch.Endpoints[0].Addresses[0] = ByteString.Empty },
        { DropReasons.InvalidAddress, 3, batch => batch.Endpoints[0].Addresses.Add(ByteString.CopyFrom(new byte[5])) },
        { DropReasons.TooManyAddresses, 3, batch => batch.Endpoints[0].Addresses.Add(Enumerable.Repeat(Batches.Address(1, 2, 3, 4), BatchLimits.EndpointAddresses)) },
        { DropReasons.InvalidPodUid, 3, batch => batch.Endpoints[0].PodUid = ByteString.CopyFrom(new byte[15]) },
        { DropReasons.InvalidPodUid, 3, batch => batch.Endpoints[0].PodUid = ByteString.CopyFrom(new byte[16]) },
        { DropReasons.Unidentified, 3, batch => batch.Endpoints[0] = new Endpoint { Id = 1, FirstMs = Batches.Time(), LastMs = Batches.Time() } },
        { DropReasons.InvalidTime, 2, batch => batch.Endpoints[1].FirstMs = 0 },
        { DropReasons.InvalidTime, 2, batch => batch.Endpoints[1].FirstMs = batch.Endpoints[1].LastMs + 1 },
        { DropReasons.InvalidTime, 2, batch => batch.Endpoints[1].LastMs = Batches.Time(-301) },
        { DropReasons.UnknownClient, 1, batch => batch.Flows[0].Client = 4 },
        { DropReasons.UnknownClient, 1, batch => batch.Answers[0].Client = 0 },
        { DropReasons.InvalidAddress, 1, batch => batch.Flows[0].CalledAddress = ByteString.Empty },
        { DropReasons.InvalidAddress, 1, batch => batch.Flows[0].BackendAddress = ByteString.CopyFrom(new byte[17]) },
        { DropReasons.InvalidPort, 1, batch => batch.Flows[0].CalledPort = 0 },
        { DropReasons.InvalidPort, 1, batch => batch.Flows[0].CalledPort = 65536 },
        { DropReasons.InvalidPort, 1, batch => batch.Flows[0].BackendPort = 0 },
        { DropReasons.InvalidPort, 1, batch => batch.Flows[0].BackendAddress = ByteString.Empty },
        { DropReasons.UnknownValue, 1, batch => batch.Flows[0].Protocol = Protocol.Unspecified },
        { DropReasons.UnknownValue, 1, batch => batch.Flows[0].Source = (Source)9 },
        { DropReasons.InvalidTime, 1, batch => batch.Flows[0].LastMs = ulong.MaxValue },
        { DropReasons.InvalidTime, 1, batch => batch.Answers[0].LastMs = 0 },
        { DropReasons.InvalidName, 1, batch => batch.Answers[0].Name = "API.example.com" },
        { DropReasons.InvalidAddress, 1, batch => batch.Answers[0].Addresses.Add(ByteString.Empty) },
        { DropReasons.TooManyAddresses, 1, batch => batch.Answers[0].Addresses.Add(Enumerable.Repeat(Batches.Address(1, 2, 3, 4), BatchLimits.AnswerAddresses)) },
    };

    [Theory]
    [MemberData(nameof(WrongItems))]
    public void Removes_a_wrong_item_and_what_refers_to_it_and_keeps_the_rest(string reason, int removed, Action<Batch> change)
    {
        var batch = Change(change);
        var checkedBatch = Validate(batch);

        checkedBatch.Result.ShouldBe(BatchResult.Valid, checkedBatch.Problem);
        checkedBatch.Dropped.ShouldBe(new Dictionary<string, int> { [reason] = removed });
        Batches.Count(checkedBatch.Content!).ShouldBe(Batches.Count(batch) - removed);
        DropReasons.All.ShouldContain(reason);
    }

    [Fact]
    public void Removes_all_endpoints_with_the_same_ID()
    {
        var checkedBatch = Validate(Change(batch => batch.Endpoints[2].Id = 1));
        checkedBatch.Dropped.ShouldBe(new Dictionary<string, int> { [DropReasons.DuplicateId] = 4, [DropReasons.UnknownClient] = 2 }, ignoreOrder: true);
        checkedBatch.Content!.Endpoints.ShouldHaveSingleItem().Id.ShouldBe(2u);
        checkedBatch.Content.Flows.ShouldHaveSingleItem().Client.ShouldBe(2u);
    }

    [Fact]
    public void Removes_a_Pod_of_another_node_with_its_flows()
    {
        _pods.Nodes[Batches.Cart] = "node-b";
        var checkedBatch = Validate(Batches.Create());

        checkedBatch.Dropped.ShouldBe(new Dictionary<string, int> { [DropReasons.OtherNode] = 3 });
        checkedBatch.Content!.Endpoints.ShouldAllBe(endpoint => endpoint.PodUid.IsEmpty);
        checkedBatch.Content.Flows.ShouldAllBe(flow => flow.Client != 1);
    }

    [Fact]
    public void Keeps_a_Pod_that_is_not_known_yet()
    {
        _pods.Nodes.Clear();
        var checkedBatch = Validate(Batches.Create());
        checkedBatch.Dropped.ShouldBeEmpty();
        PodUids.Read(checkedBatch.Content!.Endpoints[0].PodUid).ShouldBe(Batches.Cart);
    }

    [Fact]
    public void A_UID_is_written_in_the_order_of_its_text()
    {
        Convert.ToHexStringLower(PodUids.Write(Batches.Cart).Span).ShouldBe(Batches.Cart.ToString("N"));
        PodUids.Read(PodUids.Write(Batches.Cart)).ShouldBe(Batches.Cart);
    }

    private BatchValidation Validate(Batch batch) => BatchValidator.Validate(batch, Batches.Node, _pods, Batches.Now);

    private static Batch Change(Action<Batch> change)
    {
        var batch = Batches.Create();
        change(batch);
        return batch;
    }
}
