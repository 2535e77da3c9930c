namespace Wayleave.Kubernetes.Client;

/// <summary>
/// Refuses to send anything but reads while the fence is closed. A process that was stopped for longer than its lease wakes up in the
/// middle of its work: the fence asks the clock before every write, so that it cannot finish what another leader has taken over.
/// </summary>
internal sealed class WriteFenceHandler(Func<bool> mayWrite) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Method == HttpMethod.Get || mayWrite() ? base.SendAsync(request, cancellationToken) : throw new WriteFencedException();
}
