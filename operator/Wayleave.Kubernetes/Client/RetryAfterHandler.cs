using System.Net;

namespace Wayleave.Kubernetes.Client;

/// <summary>
/// Waits and tries again when the API server is overloaded and says for how long (429, or 503 with <c>Retry-After</c>; API priority and
/// fairness). The caller's token bounds the wait.
/// </summary>
internal sealed class RetryAfterHandler(TimeProvider time) : DelegatingHandler
{
    private const int Attempts = 5;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var response = await base.SendAsync(request, cancellationToken);
            if (attempt == Attempts || WaitOf(response) is not { } wait)
            {
                return response;
            }

            response.Dispose();
            await Task.Delay(wait < Longest ? wait : Longest, time, cancellationToken);
        }
    }

    private TimeSpan? WaitOf(HttpResponseMessage response)
    {
        if (response.StatusCode is not (HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable))
        {
            return null;
        }

        var header = response.Headers.RetryAfter;
        var wait = header?.Delta ?? (header?.Date is { } date ? date - time.GetUtcNow() : null);
        var unsaid = response.StatusCode == HttpStatusCode.TooManyRequests ? TimeSpan.FromSeconds(1) : (TimeSpan?)null;
        return wait is { } given && given >= TimeSpan.Zero ? given : unsaid;
    }
}
