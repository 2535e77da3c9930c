using System.Net.Http.Headers;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>
/// Sends prepared bodies over one HTTP/2 connection and checks only the status of the response. No client can write to this machine's API
/// server much faster.
/// </summary>
internal sealed class BareClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Apply = new("application/apply-patch+yaml");
    private static readonly MediaTypeHeaderValue Merge = new("application/merge-patch+json");
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private readonly k8s.Kubernetes _raw;
    private readonly string _manager;

    public BareClient(TestCluster cluster, string manager)
    {
        _manager = manager;
        _raw = RawClient.Open(cluster.ControlPlane.KubeconfigPath, $"bare-{manager}");
    }

    /// <summary>Server-side applies an object.</summary>
    /// <exception cref="HttpRequestException">The API server rejected the request; the message is its response.</exception>
    public Task ApplyAsync(string path, byte[] body, CancellationToken cancellationToken = default) =>
        WriteAsync(HttpMethod.Patch, $"{path}?fieldManager={_manager}&force=true", body, Apply, cancellationToken);

    /// <summary>Creates an object in a collection, without validation of fields.</summary>
    /// <exception cref="HttpRequestException">The API server rejected the request; the message is its response.</exception>
    public Task CreateAsync(string collection, byte[] body, CancellationToken cancellationToken = default) =>
        WriteAsync(HttpMethod.Post, $"{collection}?fieldManager={_manager}&fieldValidation=Ignore", body, Json, cancellationToken);

    /// <summary>Merges a patch into an object, without validation of fields.</summary>
    /// <exception cref="HttpRequestException">The API server rejected the request; the message is its response.</exception>
    public Task MergeAsync(string path, byte[] body, CancellationToken cancellationToken = default) =>
        WriteAsync(HttpMethod.Patch, $"{path}?fieldManager={_manager}&fieldValidation=Ignore", body, Merge, cancellationToken);

    /// <summary>Deletes all objects of a collection.</summary>
    public async Task DeleteAllAsync(string path, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        await SendAsync(request, cancellationToken);
    }

    public void Dispose() => _raw.Dispose();

    private async Task WriteAsync(HttpMethod method, string uri, byte[] body, MediaTypeHeaderValue type, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = type } };
        using var request = new HttpRequestMessage(method, uri) { Content = content };
        await SendAsync(request, cancellationToken);
    }

    private async Task SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var answer = await _raw.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            throw new HttpRequestException(await answer.Content.ReadAsStringAsync(cancellationToken), null, answer.StatusCode);
        }

        await answer.Content.CopyToAsync(Stream.Null, cancellationToken);
    }
}
