using System.Net;
using System.Net.Http.Headers;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Time;

namespace Wayleave.Kubernetes.Tests.Client;

public sealed class RetryAfterHandlerTests : IDisposable
{
    private readonly ManualTimeProvider _time = new();
    private readonly CancellationTokenSource _cancel = new();
    private FakeHttpHandler? _server;

    public void Dispose() => _cancel.Dispose();

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Retries_after_the_time_that_the_server_requested(int code)
    {
        var sending = Send((_, count) => count == 1 ? Busy(code, new(TimeSpan.FromSeconds(7))) : FakeHttpHandler.Ok);

        _time.Waits.ShouldBe([TimeSpan.FromSeconds(7)]);
        _time.Advance(TimeSpan.FromSeconds(6.9));
        _server!.Requests.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(0.1));

        using var response = await Soon.WithinAsync(sending);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        _server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Accepts_a_date_in_Retry_After()
    {
        var sending = Send((_, count) => count == 1 ? Busy(429, new(_time.GetUtcNow().AddSeconds(4))) : FakeHttpHandler.Ok);

        _time.Waits.ShouldBe([TimeSpan.FromSeconds(4)]);
        _time.Advance(TimeSpan.FromSeconds(4));

        (await Soon.WithinAsync(sending)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Waits_at_most_ten_seconds()
    {
        var sending = Send((_, count) => count == 1 ? Busy(429, new(TimeSpan.FromHours(5))) : FakeHttpHandler.Ok);

        _time.Waits.ShouldBe([TimeSpan.FromSeconds(10)]);
        _time.Advance(TimeSpan.FromSeconds(10));

        (await Soon.WithinAsync(sending)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public void Waits_a_second_after_429_without_Retry_After()
    {
        _ = Send((_, _) => Busy(429, null));

        _time.Waits.ShouldBe([TimeSpan.FromSeconds(1)]);
    }

    [Fact]
    public void Waits_a_second_for_a_date_in_the_past()
    {
        _ = Send((_, _) => Busy(429, new(_time.GetUtcNow().AddSeconds(-5))));

        _time.Waits.ShouldBe([TimeSpan.FromSeconds(1)]);
    }

    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(409)]
    [InlineData(200)]
    public async Task Returns_a_response_that_does_not_request_a_retry(int code)
    {
        using var response = await Soon.WithinAsync(Send((_, _) => new HttpResponseMessage((HttpStatusCode)code)));

        ((int)response.StatusCode).ShouldBe(code);
        _server!.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Returns_429_after_five_attempts()
    {
        var sending = Send((_, _) => Busy(429, new(TimeSpan.FromSeconds(1))));

        for (var tries = 1; tries < 5; tries++)
        {
            sending.IsCompleted.ShouldBeFalse();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        (await Soon.WithinAsync(sending)).StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
        _server!.Requests.Count.ShouldBe(5);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        var sending = Send((_, _) => Busy(429, new(TimeSpan.FromSeconds(5))));

        await _cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => Soon.WithinAsync(sending));
        _server!.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Resends_the_whole_request_with_its_body()
    {
        using var certificates = new TestCertificates();
        await using var api = await TestApi.StartAsync(certificates, Answer.InTurn(
            async context =>
            {
                context.Response.Headers.RetryAfter = "2";
                await Answer.StatusAsync(context, 429, "TooManyRequests", "busy");
            },
            Answer.Json("""{"metadata":{"name":"a","resourceVersion":"5"}}""")));

        var creating = api.Client.CreateAsync(Given.ConfigMap("a"), default);
        await Soon.UntilAsync("the wait", () => api.Time.Waits.Contains(TimeSpan.FromSeconds(2)));
        api.Time.Advance(TimeSpan.FromSeconds(2));

        (await Soon.WithinAsync(creating)).Text().ShouldBe("a@5");
        api.Server.Requests.Count.ShouldBe(2);
        api.Server.Requests[1].ShouldBeEquivalentTo(api.Server.Requests[0]);
        api.Server.Requests[1].Body.ShouldContain("uid-a");
        api.Meters["rest_client_requests_total{method=POST,code=429}"].ShouldBe(1);
        api.Meters["rest_client_requests_total{method=POST,code=200}"].ShouldBe(1);
    }

    [Fact]
    public async Task All_attempts_share_the_timeout_of_one_request()
    {
        using var certificates = new TestCertificates();
        await using var api = await TestApi.StartAsync(certificates, async context =>
        {
            context.Response.Headers.RetryAfter = "9";
            await Answer.StatusAsync(context, 429, "TooManyRequests", "busy");
        });
        var getting = api.Client.GetAsync<V1ConfigMap>("a", "shop", default);

        for (var tries = 0; tries < 4 && !getting.IsCompleted; tries++)
        {
            await Soon.UntilAsync("the wait", () => api.Time.Waits.Count == 2 || getting.IsCompleted);
            api.Time.Advance(TimeSpan.FromSeconds(9));
        }

        await Should.ThrowAsync<TimeoutException>(() => Soon.WithinAsync(getting));
    }

    private static HttpResponseMessage Busy(int code, RetryConditionHeaderValue? after)
    {
        var response = new HttpResponseMessage((HttpStatusCode)code);
        response.Headers.RetryAfter = after;
        return response;
    }

    private async Task<HttpResponseMessage> Send(Func<HttpRequestMessage, int, HttpResponseMessage> answer)
    {
        _server = new FakeHttpHandler(answer);
        using var http = new HttpMessageInvoker(new RetryAfterHandler(_time) { InnerHandler = _server });
        using var request = new HttpRequestMessage(HttpMethod.Get, "https://api.test/");
        return await http.SendAsync(request, _cancel.Token);
    }
}
