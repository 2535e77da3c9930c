using k8s;
using k8s.Models;
using Microsoft.AspNetCore.Http;
using Wayleave.EventStore.Events;
using Wayleave.EventStore.Storage;
using Wayleave.Hosting;
using Wayleave.Operator.Recording;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Recording;

/// <summary>Answers of the port for queries, with a fake API server that reviews tokens.</summary>
public sealed class EventQueryEndpointTests : IDisposable
{
    private readonly FakeReviewer _api = new();
    private readonly FakeReader _reader = new();
    private readonly EventQueryEndpoint _endpoint;

    public EventQueryEndpointTests() => _endpoint = new EventQueryEndpoint(_reader, new AccessReviewer(_api, EventQueryEndpoint.Audience));

    public void Dispose() => _endpoint.Dispose();

    [Theory]
    [InlineData("Authorization")]
    [InlineData(EventQueryEndpoint.ProxiedAuthorization)]
    public async Task Answers_a_user_who_may_with_the_events_that_match(string header)
    {
        _reader.Events.Add(Event("evt_2"));
        var (status, text) = await AskAsync("?type=policy_created&subject=clientintents/shop&limit=5", (header, "Bearer good"));

        status.ShouldBe(200, text);
        text.ShouldContain("\"id\":\"evt_2\"");
        text.ShouldNotContain("\"next\"");
        var query = _reader.Queries.ShouldHaveSingleItem();
        (query.Types.Single(), query.Subject, query.Limit).ShouldBe(("policy_created", "clientintents/shop", 5));
    }

    [Fact]
    public async Task A_full_page_has_the_cursor_of_the_next()
    {
        _reader.Events.Add(Event("evt_2"));
        var (_, text) = await AskAsync("?limit=1", ("Authorization", "Bearer good"));
        text.ShouldContain($"\"next\":\"{EventCursor.From(_reader.Events[0])}\"");
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("good", 401)]
    [InlineData("Bearer ", 401)]
    [InlineData("Basic good", 401)]
    [InlineData("Bearer bad", 401)]
    [InlineData("Bearer for-the-api-server", 401)]
    [InlineData("Bearer nosy", 403)]
    [InlineData("Bearer unreviewed", 503)]
    public async Task Refuses_who_may_not_without_a_look_at_the_store(string? authorization, int expected)
    {
        var (status, text) = await AskAsync("", ("Authorization", authorization));

        status.ShouldBe(expected);
        text.TrimEnd('\n').ShouldNotContain("\n");
        _reader.Queries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("POST", "/v1/events", 405)]
    [InlineData("GET", "/v1", 404)]
    [InlineData("GET", "/metrics", 404)]
    public async Task Has_one_path_that_can_only_be_read(string method, string path, int expected)
    {
        var (status, _) = await AskAsync("", ("Authorization", "Bearer good"), method, path);
        status.ShouldBe(expected);
        _api.Tokens.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?limit=0", "limit")]
    [InlineData("?limit=1001", "limit")]
    [InlineData("?limit=1&limit=2", "limit")]
    [InlineData("?since=yesterday", "since")]
    [InlineData("?until=", "until")]
    [InlineData("?type=policy", "type")]
    [InlineData("?run=0af7", "run")]
    [InlineData("?cursor=x", "cursor")]
    [InlineData("?where=1%3D1", "unknown parameter")]
    public async Task Names_the_parameter_that_cannot_be_used(string query, string named)
    {
        var (status, text) = await AskAsync(query, ("Authorization", "Bearer good"));
        status.ShouldBe(400);
        text.ShouldStartWith(named);
        _reader.Queries.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refuses_more_requests_than_it_works_on()
    {
        _api.Gate = new TaskCompletionSource();
        var working = Enumerable.Range(0, 8).Select(_ => AskAsync("", ("Authorization", "Bearer good"))).ToList();
        (await AskAsync("", ("Authorization", "Bearer good"))).Status.ShouldBe(429);

        _api.Gate.SetResult();
        (await Task.WhenAll(working)).ShouldAllBe(answer => answer.Status == 200);
        (await AskAsync("", ("Authorization", "Bearer good"))).Status.ShouldBe(200);
    }

    private async Task<(int Status, string Text)> AskAsync(
        string query, (string Name, string? Value) header, string method = "GET", string path = EventQueryEndpoint.Path)
    {
        using var body = new MemoryStream();
        var context = new DefaultHttpContext
        {
            Request = { Method = method, Path = path, QueryString = new QueryString(query) },
            Response = { Body = body },
        };
        if (header.Value is not null)
        {
            context.Request.Headers[header.Name] = header.Value;
        }

        await _endpoint.AnswerAsync(context);
        return (context.Response.StatusCode, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }

    private static OperatorEvent Event(string id) => new()
    {
        Id = id,
        Type = "policy_created",
        Time = DateTimeOffset.FromUnixTimeMilliseconds(1_790_000_000_000),
        Session = "test",
        Subjects = ["clientintents/shop/checkout"],
        Component = "operator",
        Provenance = EventProvenance.Direct,
        Payload = System.Text.Json.JsonDocument.Parse("{}").RootElement,
    };

    private sealed class FakeReader : IEventReader
    {
        public List<OperatorEvent> Events { get; } = [];

        public List<EventQuery> Queries { get; } = [];

        public IReadOnlyList<OperatorEvent> Read(EventQuery query, CancellationToken cancellationToken)
        {
            Queries.Add(query);
            return Events;
        }
    }

    private sealed class FakeReviewer : FakeKubernetesClient
    {
        public List<string> Tokens { get; } = [];

        public TaskCompletionSource? Gate { get; set; }

        public override async Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        {
            await (Gate?.Task ?? Task.CompletedTask);
            switch ((object)entity)
            {
                case V1TokenReview review:
                    Tokens.Add(review.Spec.Token!);
                    review.Status = Answer(review);
                    break;
                case V1SubjectAccessReview access:
                    var path = access.Spec.NonResourceAttributes!;
                    access.Status = new V1SubjectAccessReviewStatus
                    {
                        Allowed = access.Spec is { User: "good", Groups: ["readers"] } && path is { Path: "/v1/events", Verb: "get" },
                    };
                    break;
            }

            return entity;
        }

        private static V1TokenReviewStatus Answer(V1TokenReview review) => review.Spec.Token switch
        {
            "unreviewed" => throw new KubernetesException(new V1Status { Code = 500 }),
            "bad" => new V1TokenReviewStatus { Authenticated = false },
            "for-the-api-server" => new V1TokenReviewStatus { Authenticated = true, Audiences = ["https://kubernetes.default"], User = new V1UserInfo { Username = "good" } },
            var user => new V1TokenReviewStatus
            {
                Authenticated = true,
                Audiences = review.Spec.Audiences,
                User = new V1UserInfo { Username = user, Groups = ["readers"] },
            },
        };
    }
}
