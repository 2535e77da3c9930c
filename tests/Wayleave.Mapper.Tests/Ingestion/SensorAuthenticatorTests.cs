using System.Net;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Mapper.Ingestion;
using Wayleave.Testing.Time;

namespace Wayleave.Mapper.Tests.Ingestion;

public sealed class SensorAuthenticatorTests
{
    private static readonly Guid _pod = IngestionStage.SensorPod;

    private readonly FakeReviewer _api = new();
    private readonly FakePods _pods = new();
    private readonly ManualTimeProvider _time = new();
    private readonly SensorAuthenticator _authenticator;

    public SensorAuthenticatorTests()
    {
        _pods.Nodes[_pod] = "node-a";
        _authenticator = new SensorAuthenticator(_api, _pods, IngestionStage.Options, _time, NullLogger<SensorAuthenticator>.Instance);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("node-a")]
    public async Task Knows_a_sensor_by_its_Pod_and_node(string? nodeInToken)
    {
        _api.Allow("token", _pod, nodeInToken);
        (await AskAsync("token")).Sensor.ShouldBe(new SensorIdentity("sensor-x", _pod, "node-a"));
        _api.Last!.Spec.Audiences.ShouldBe(["wayleave-mapper"]);
    }

    [Fact]
    public async Task Refuses_tokens_that_are_not_of_a_sensor()
    {
        _api.Allow("for the API server", _pod, audience: "https://kubernetes.default.svc");
        _api.Allow("another account", _pod, user: "system:serviceaccount:wayleave-sensor:default");
        _api.Allow("a person", _pod, user: "admin");
        _api.Allow("unbound", _pod);
        _api.StatusOf("unbound").User!.Extra = null;
        _api.Allow("another node", _pod, node: "node-b");

        await RefusesAsync("unknown", 401);
        await RefusesAsync("for the API server", 401);
        _time.Advance(TimeSpan.FromMinutes(1));
        await RefusesAsync("another account", 403);
        await RefusesAsync("a person", 403);
        await RefusesAsync("unbound", 403);
        await RefusesAsync("another node", 403);
    }

    [Fact]
    public async Task Reviews_a_token_once_a_minute()
    {
        _api.Allow("token", _pod);
        await AskAsync("token");
        _time.Advance(TimeSpan.FromSeconds(59));
        (await AskAsync("token")).Sensor.ShouldNotBeNull();
        _api.Reviews.ShouldBe(1);

        _api.Revoke("token");
        _time.Advance(TimeSpan.FromSeconds(1));
        await RefusesAsync("token", 401);
        _api.Reviews.ShouldBe(2);

        _api.Allow("token", _pod);
        _time.Advance(TimeSpan.FromSeconds(4));
        await RefusesAsync("token", 401);
        _time.Advance(TimeSpan.FromSeconds(1));
        (await AskAsync("token")).Sensor.ShouldNotBeNull();
        _api.Reviews.ShouldBe(3);
    }

    [Fact]
    public async Task Refuses_a_deleted_Pod_at_once_although_its_token_was_reviewed()
    {
        _api.Allow("token", _pod);
        (await AskAsync("token")).Sensor.ShouldNotBeNull();
        _pods.Deleted.Add(_pod);
        await RefusesAsync("token", 401);
        _api.Reviews.ShouldBe(1);
    }

    [Fact]
    public async Task Asks_a_sensor_to_retry_whose_Pod_is_not_known_yet()
    {
        _api.Allow("token", _pod);
        _pods.Nodes.Clear();
        (await RefusesAsync("token", 503)).RetryAfter.ShouldNotBeNull();
        _pods.Nodes[_pod] = "node-a";
        (await AskAsync("token")).Sensor.ShouldNotBeNull();
    }

    public static TheoryData<Exception> Failures =>
        [new KubernetesException(new V1Status { Code = 500 }), new HttpRequestException("refused"), new TimeoutException()];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Known_sensors_go_on_for_a_minute_without_the_API_server(Exception failure)
    {
        _api.Allow("token", _pod);
        await AskAsync("token");
        _api.Failure = failure;

        (await RefusesAsync("new", 503)).RetryAfter.ShouldNotBeNull();
        _time.Advance(TimeSpan.FromSeconds(119));
        (await AskAsync("token")).Sensor.ShouldNotBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));
        await RefusesAsync("token", 503);

        _api.Failure = null;
        (await AskAsync("token")).Sensor.ShouldNotBeNull();
    }

    [Fact]
    public async Task Many_false_tokens_cost_few_reviews_and_keep_no_sensor_out()
    {
        _api.Allow("token", _pod);
        (await AskAsync("token")).Sensor.ShouldNotBeNull();
        for (var i = 0; i < 10_000; i++)
        {
            (await AskAsync($"false {i}", "10.0.0.66")).Refusal!.Status.ShouldBeOneOf(401, 429);
        }

        _api.Reviews.ShouldBe(1 + 5);
        (await AskAsync("token")).Sensor.ShouldNotBeNull();
        _api.Allow("new", _pod);
        (await AskAsync("new")).Sensor.ShouldNotBeNull();
    }

    [Fact]
    public async Task False_tokens_from_many_addresses_cost_a_limited_number_of_reviews()
    {
        for (var i = 0; i < 10_000; i++)
        {
            await AskAsync($"false {i}", $"10.{i >> 8}.0.{i & 255}");
        }

        _api.Reviews.ShouldBe(200);
        _time.Advance(TimeSpan.FromSeconds(1));
        await RefusesAsync("false", 401);
    }

    [Fact]
    public async Task A_known_sensor_goes_on_while_false_tokens_use_up_all_reviews()
    {
        _api.Allow("token", _pod);
        await AskAsync("token");
        _time.Advance(TimeSpan.FromSeconds(61));
        for (var i = 0; i < 300; i++)
        {
            await AskAsync($"false {i}", $"10.{i >> 8}.0.{i & 255}");
        }

        (await AskAsync("token")).Sensor.ShouldNotBeNull();
    }

    private Task<Authentication> AskAsync(string token, string address = "10.0.0.1") =>
        _authenticator.AuthenticateAsync(token, IPAddress.Parse(address), default);

    private async Task<Refusal> RefusesAsync(string token, int status)
    {
        var answer = await AskAsync(token);
        answer.Sensor.ShouldBeNull();
        answer.Refusal!.Status.ShouldBe(status, answer.Refusal.Text);
        return answer.Refusal;
    }
}
