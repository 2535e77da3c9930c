using System.Collections.Concurrent;
using System.Net;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>The last handler of a chain. It returns the responses of a test and records requests.</summary>
internal sealed class FakeHttpHandler(Func<HttpRequestMessage, int, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly ConcurrentQueue<string> _requests = new();

    /// <summary>Method and authorization of every request that reached this handler.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public static HttpResponseMessage Ok => new(HttpStatusCode.OK);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _requests.Enqueue($"{request.Method} {request.Headers.Authorization}".TrimEnd());
        return Task.FromResult(answer(request, _requests.Count));
    }
}
