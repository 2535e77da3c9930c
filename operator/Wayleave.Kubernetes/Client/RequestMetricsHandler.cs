namespace Wayleave.Kubernetes.Client;

/// <summary>Counts requests by method and status code, and times them until the headers are there.</summary>
internal sealed class RequestMetricsHandler(KubernetesMetrics metrics, TimeProvider time) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var code = 0;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            code = (int)response.StatusCode;
            return response;
        }
        finally
        {
            metrics.RequestDone(request.Method.Method, code, time.GetElapsedTime(started));
        }
    }
}
