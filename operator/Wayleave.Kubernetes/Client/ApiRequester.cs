using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Client;

/// <summary>Sends requests and turns answers into objects or exceptions.</summary>
internal sealed class ApiRequester(HttpClient http, KubernetesClientOptions options)
{
    /// <summary>The answer's object.</summary>
    public async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> json, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(request, cancellationToken);
        return await ReadAsync(response, json, cancellationToken);
    }

    /// <summary>The answer's object, or null for 404.</summary>
    public async Task<T?> FindAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await SendAsync(request, json, cancellationToken);
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>True for success, false for 404.</summary>
    public async Task<bool> TrySendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await OpenAsync(request, cancellationToken);
            return true;
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            return false;
        }
    }

    /// <summary>The answer once its headers are there; the body is still to be read.</summary>
    public async Task<HttpResponseMessage> OpenAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Only the convenience methods of HttpClient take its defaults over.
        request.Version = http.DefaultRequestVersion;
        request.VersionPolicy = http.DefaultVersionPolicy;
        var response = await WithinTimeAsync(
            token => http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, token), cancellationToken);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            throw new KubernetesException(await StatusAsync(response, cancellationToken), response.StatusCode);
        }
    }

    public Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> json, CancellationToken cancellationToken) => ReadAsync(
        response,
        async (body, token) => await JsonSerializer.DeserializeAsync(body, json, token)
            ?? throw new KubernetesException(new V1Status { Message = "The answer is empty." }, response.StatusCode),
        cancellationToken);

    /// <summary>Has the body read, within the bounds of time and size.</summary>
    public Task<T> ReadAsync<T>(HttpResponseMessage response, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken) =>
        WithinTimeAsync(
            async token =>
            {
                await using var body = await response.Content.ReadAsStreamAsync(token);
                await using var bounded = new BoundedStream(body, options.LargestAnswer);
                return await read(bounded, token);
            },
            cancellationToken);

    private async Task<T> WithinTimeAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.RequestTimeout, options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await action(either.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The API server did not answer within {options.RequestTimeout.TotalSeconds:0} seconds.", error);
        }
        catch (IOException error)
        {
            throw new HttpRequestException("The connection to the API server broke.", error);
        }
    }

    private async Task<V1Status> StatusAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return await ReadAsync(response, KubernetesJson.Default.V1Status, cancellationToken);
        }
        catch (JsonException)
        {
            // A proxy on the way answers in its own words; the status code is all that can be relied on.
            return new V1Status { Code = (int)response.StatusCode, Message = response.ReasonPhrase };
        }
    }
}
