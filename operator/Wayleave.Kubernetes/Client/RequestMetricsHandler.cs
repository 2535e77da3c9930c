namespace Wayleave.Kubernetes.Client;

/// <summary>Counts requests by host, method and status code, and times them until the headers are there.</summary>
/// <param name="host">Host and port of the API server.</param>
/// <param name="metrics">Where they are counted.</param>
/// <param name="time">Times them.</param>
internal sealed class RequestMetricsHandler(string host, KubernetesMetrics metrics, TimeProvider time) : DelegatingHandler
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
            metrics.RequestDone(host, request.Method.Method, code, time.GetElapsedTime(started));
        }
    }
}
