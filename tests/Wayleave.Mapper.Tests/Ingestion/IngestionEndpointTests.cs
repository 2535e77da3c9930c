using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using Google.Protobuf;
using Wayleave.Ingest;
using Wayleave.Ingest.V1;
using Wayleave.Mapper.Ingestion;

namespace Wayleave.Mapper.Tests.Ingestion;

/// <summary>The port for batches over TLS, as sensors and attackers see it.</summary>
public sealed class IngestionEndpointTests
{
    [Fact]
    public async Task Accepts_and_acknowledges_a_batch_of_a_sensor()
    {
        await using var stage = await IngestionStage.StartAsync();
        var batch = stage.CreateBatch(sequence: 4);
        batch.Losses = new Losses { KernelDrops = 5, Merged = ulong.MaxValue };
        var answer = await stage.SendAsync(batch);

        answer.Status.ShouldBe(200, answer.Text);
        var term = ByteString.CopyFrom(stage.Batches.Term!.Value.ToByteArray());
        answer.Ack.ShouldBe(new Ack { Sequence = 4, WaitMs = 500, Resync = true, Term = term });
        stage.Batches.All.ShouldHaveSingleItem().ShouldBe(new AcceptedBatch(IngestionStage.Node, batch));
        stage.Meters["wayleave_ingest_batches_total{component=sensor,outcome=accepted}"].ShouldBe(1);
        stage.Meters["wayleave_sensor_losses_total{kind=kernel_drops}"].ShouldBe(5);
        stage.Meters["wayleave_sensor_losses_total{kind=merged}"].ShouldBe(1_000_000_000);
    }

    [Fact]
    public async Task A_replay_and_an_earlier_batch_are_acknowledged_and_change_nothing()
    {
        await using var stage = await IngestionStage.StartAsync();
        foreach (var sequence in new ulong[] { 2, 2, 1, 3, 3, 2 })
        {
            (await stage.SendAsync(stage.CreateBatch(sequence))).Ack!.Sequence.ShouldBe(sequence);
        }

        stage.Batches.All.Select(accepted => accepted.Content.Sequence).ShouldBe([2ul, 3ul]);
        stage.Meters["wayleave_ingest_batches_total{outcome=repeated}"].ShouldBe(4);
    }

    [Fact]
    public async Task Asks_for_everything_in_its_first_minute_and_from_instances_that_it_does_not_know()
    {
        await using var stage = await IngestionStage.StartAsync();
        (await stage.SendAsync(stage.CreateBatch(1))).Ack!.Resync.ShouldBeTrue();
        (await stage.SendAsync(stage.CreateBatch(2))).Ack!.Resync.ShouldBeTrue();
        stage.Time.Advance(TimeSpan.FromMinutes(1));
        (await stage.SendAsync(stage.CreateBatch(3))).Ack!.Resync.ShouldBeFalse();
        (await stage.SendAsync(stage.CreateBatch(9, instance: 2))).Ack!.Resync.ShouldBeTrue();
        (await stage.SendAsync(stage.CreateBatch(10, instance: 2))).Ack!.Resync.ShouldBeFalse();
    }

    [Fact]
    public async Task Accepts_a_batch_again_in_another_term_and_says_so_in_each_answer()
    {
        await using var stage = await IngestionStage.StartAsync();
        var batch = stage.CreateBatch(5);
        var first = (await stage.SendAsync(batch)).Ack!.Term;
        stage.Batches.Term = Guid.NewGuid();

        var second = (await stage.SendAsync(batch)).Ack!.Term;
        second.ShouldNotBe(first);
        (await stage.SendAsync(batch)).Ack!.Term.ShouldBe(second, "the answer before may have been lost");
        stage.Batches.All.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Does_not_acknowledge_a_batch_for_which_there_is_no_map()
    {
        await using var stage = await IngestionStage.StartAsync();
        stage.Batches.Term = null;
        var answer = await stage.SendAsync(stage.CreateBatch(1));
        (answer.Status, answer.RetryAfter).ShouldBe((503, TimeSpan.FromSeconds(1)));

        stage.Batches.Term = Guid.NewGuid();
        (await stage.SendAsync(stage.CreateBatch(1))).Status.ShouldBe(200);
        stage.Batches.All.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Accepts_nothing_about_Pods_of_another_node()
    {
        await using var stage = await IngestionStage.StartAsync();
        stage.Pods.Nodes[IngestionStage.Cart] = "node-b";
        (await stage.SendAsync(stage.CreateBatch(1))).Status.ShouldBe(200);

        var content = stage.Batches.All.ShouldHaveSingleItem().Content;
        (content.Endpoints.Count, content.Flows.Count).ShouldBe((0, 0));
        stage.Meters["wayleave_ingest_items_dropped_total{reason=other_node}"].ShouldBe(2);
    }

    [Fact]
    public async Task Refuses_who_is_no_sensor_before_it_reads_the_body()
    {
        await using var stage = await IngestionStage.StartAsync();
        stage.Api.Allow("other audience", IngestionStage.SensorPod, audience: "vault");
        stage.Api.Allow("other account", IngestionStage.SensorPod, user: "system:serviceaccount:shop:default");
        var notABatch = new byte[] { 1, 2, 3 };

        (await stage.PostAsync(notABatch, token: null)).Status.ShouldBe(401);
        (await stage.PostAsync(notABatch, "unknown")).Status.ShouldBe(401);
        (await stage.PostAsync(notABatch, "other audience")).Status.ShouldBe(401);
        (await stage.PostAsync(notABatch, "other account")).Status.ShouldBe(403);
        stage.Meters["wayleave_ingest_unauthenticated_total"].ShouldBe(3);

        stage.Pods.Deleted.Add(IngestionStage.SensorPod);
        (await stage.SendAsync(stage.CreateBatch(1))).Status.ShouldBe(401);
        stage.Batches.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_requests_that_are_not_for_it()
    {
        await using var stage = await IngestionStage.StartAsync();
        var body = IngestionStage.Compress(stage.CreateBatch(1).ToByteArray());

        (await stage.PostAsync(body, change: request => request.RequestUri = new Uri("/v1/events", UriKind.Relative))).Status.ShouldBe(404);
        (await stage.PostAsync(body, change: request => request.Method = HttpMethod.Put)).Status.ShouldBe(405);
        (await stage.PostAsync(body, change: request => request.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/json"))).Status.ShouldBe(415);
        (await stage.PostAsync(body, encoding: "br")).Status.ShouldBe(415);
        (await stage.PostAsync(body, change: request => request.Content!.Headers.ContentEncoding.Add("gzip"))).Status.ShouldBe(415);
        (await stage.PostAsync(body, change: request => request.Content = WithoutLength(body))).Status.ShouldBe(411);
        stage.Api.Reviews.ShouldBe(0);
    }

    [Fact]
    public async Task Says_what_is_wrong_with_a_batch()
    {
        await using var stage = await IngestionStage.StartAsync();
        var late = stage.CreateBatch(1);
        late.ToMs -= 3_600_000;
        var newer = stage.CreateBatch(1);
        newer.Schema = 2;

        var refused = await stage.SendAsync(late);
        (refused.Status, refused.Text).ShouldSatisfyAllConditions(
            answer => answer.Status.ShouldBe(400), answer => answer.Text.ShouldStartWith("to_ms: "));
        refused = await stage.SendAsync(newer);
        (refused.Status, refused.Text).ShouldBe((426, "schema: 2 is newer than 1, which this mapper supports; upgrade the mapper\n"));
        stage.Time.Advance(TimeSpan.FromSeconds(1));
        (await stage.PostAsync([1, 2, 3])).Status.ShouldBe(400);
        stage.Batches.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Accepts_a_batch_without_compression()
    {
        await using var stage = await IngestionStage.StartAsync();
        (await stage.PostAsync(stage.CreateBatch(1).ToByteArray(), encoding: "identity")).Status.ShouldBe(200);
        stage.Batches.All.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Refuses_a_body_that_is_too_large_and_a_compression_bomb()
    {
        await using var stage = await IngestionStage.StartAsync();
        (await stage.PostAsync(new byte[BatchLimits.BodyBytes + 1])).Status.ShouldBe(413);
        (await stage.PostAsync(IngestionStage.Compress(new byte[64 << 20]))).Status.ShouldBe(413);
        stage.Batches.All.ShouldBeEmpty();
    }

    [Fact]
    public async Task Tells_a_sensor_that_comes_too_often_how_long_to_wait()
    {
        await using var stage = await IngestionStage.StartAsync();
        var other = Guid.NewGuid();
        stage.Pods.Nodes[other] = "node-b";
        stage.Api.Allow("sensor-b", other);
        (await SendNowAsync(1)).Status.ShouldBe(200);
        (await SendNowAsync(2)).Status.ShouldBe(200);

        var refused = await SendNowAsync(3);
        (refused.Status, refused.RetryAfter, refused.Ack!.WaitMs).ShouldBe((429, TimeSpan.FromSeconds(1), 500u));
        (await SendNowAsync(1, "sensor-b")).Status.ShouldBe(200);
        stage.Time.Advance(TimeSpan.FromMilliseconds(refused.Ack.WaitMs));
        (await SendNowAsync(3)).Status.ShouldBe(200);

        Task<IngestionAnswer> SendNowAsync(ulong sequence, string token = IngestionStage.Token) =>
            stage.PostAsync(IngestionStage.Compress(stage.CreateBatch(sequence).ToByteArray()), token);
    }

    [Fact]
    public async Task Answers_503_until_the_Pods_are_known_and_while_no_token_can_be_reviewed()
    {
        await using var stage = await IngestionStage.StartAsync();
        stage.Pods.HasSynced = false;
        var refused = await stage.SendAsync(stage.CreateBatch(1));
        (refused.Status, refused.RetryAfter).ShouldBe((503, TimeSpan.FromSeconds(5)));
        stage.Api.Reviews.ShouldBe(0);

        (stage.Pods.HasSynced, stage.Api.Failure) = (true, new HttpRequestException("away"));
        refused = await stage.SendAsync(stage.CreateBatch(1));
        (refused.Status, refused.RetryAfter).ShouldBe((503, TimeSpan.FromSeconds(5)));

        stage.Api.Failure = null;
        (await stage.SendAsync(stage.CreateBatch(1))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task A_sensor_keeps_its_connection_unless_another_replica_may_be_ready()
    {
        await using var stage = await IngestionStage.StartAsync();
        (await stage.SendAsync(stage.CreateBatch(1))).Status.ShouldBe(200);
        (await stage.SendAsync(stage.CreateBatch(2))).Status.ShouldBe(200);
        stage.Connections.ShouldBe(1);

        stage.Pods.HasSynced = false;
        (await stage.SendAsync(stage.CreateBatch(3))).Status.ShouldBe(503);
        stage.Pods.HasSynced = true;
        (await stage.SendAsync(stage.CreateBatch(3))).Status.ShouldBe(200);
        stage.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task Ten_thousand_requests_without_a_valid_token_cost_few_reviews()
    {
        await using var stage = await IngestionStage.StartAsync();
        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (i, _) =>
            (await stage.PostAsync([], $"false {i}")).Status.ShouldBeOneOf(401, 429));
        stage.Api.Reviews.ShouldBe(5);
    }

    [Fact]
    public async Task Ends_a_request_whose_body_does_not_come()
    {
        await using var stage = await IngestionStage.StartAsync(bodyTimeout: TimeSpan.FromMilliseconds(50));
        await using var connection = await OpenRequestAsync(stage, "Content-Length: 1000", "the first bytes");
        var answer = await ReadToEndAsync(connection);

        answer.ShouldStartWith("HTTP/1.1 408 ");
        answer.ShouldContain("body: did not arrive within 0.05 seconds");
        stage.Meters["wayleave_ingest_batches_total{outcome=timed_out}"].ShouldBe(1);
    }

    [Fact]
    public async Task Refuses_headers_that_are_too_large()
    {
        await using var stage = await IngestionStage.StartAsync();
        await using var connection = await OpenRequestAsync(stage, $"Content-Length: 0\r\nX-Large: {new string('x', 64 << 10)}", "");
        (await ReadToEndAsync(connection)).ShouldStartWith("HTTP/1.1 431 ");
    }

    private static StreamContent WithoutLength(byte[] body)
    {
        var content = new StreamContent(new UnseekableStream(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(IngestionEndpoint.ContentType);
        return content;
    }

    private static async Task<SslStream> OpenRequestAsync(IngestionStage stage, string headers, string body)
    {
        var connection = await stage.OpenAsync();
        await connection.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {IngestionEndpoint.Path} HTTP/1.1\r\nHost: mapper\r\nAuthorization: Bearer {IngestionStage.Token}\r\n"
            + $"Content-Type: {IngestionEndpoint.ContentType}\r\n{headers}\r\n\r\n{body}"));
        await connection.FlushAsync();
        return connection;
    }

    private static async Task<string> ReadToEndAsync(SslStream connection)
    {
        using var reader = new StreamReader(connection, Encoding.ASCII);
        return await reader.ReadToEndAsync();
    }

    private sealed class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
