using System.Collections.Concurrent;
using System.Net;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>The end of a chain of handlers: answers as told, and remembers what it was asked.</summary>
internal sealed class FakeHttpHandler(Func<HttpRequestMessage, int, HttpResponseMessage> answer) : HttpMessageHandler
{
    private readonly ConcurrentQueue<string> _requests = new();

    /// <summary>Method and authorization of every request that came this far.</summary>
    public IReadOnlyList<string> Requests => [.. _requests];

    public static HttpResponseMessage Ok => new(HttpStatusCode.OK);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        _requests.Enqueue($"{request.Method} {request.Headers.Authorization}".TrimEnd());
        return Task.FromResult(answer(request, _requests.Count));
    }
}
