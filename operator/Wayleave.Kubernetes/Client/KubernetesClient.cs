using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Protobuf;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Client;

/// <summary>
/// A typed client that uses the pipeline of the client library. The library's own generic operations buffer a whole list and support
/// neither watches nor the core group. The <see cref="ApiServerConnection"/> is not disposed here.
/// </summary>
public sealed class KubernetesClient(
    ApiServerConnection connection, EntityRegistry registry, KubernetesClientOptions options) : IKubernetesClient
{
    private const string Json = "application/json";
    private const string Metadata = ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private const string MetadataList = ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

    public async Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        try
        {
            return await SendAsync(HttpMethod.Get, definition.GetPath(@namespace, name), body: null, definition, cancellationToken);
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            return null;
        }
    }

    public async Task<KubernetesList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        List<TEntity> items = [];
        var metadata = await ListAsync<TEntity>(options, items.Add, cancellationToken);
        return new KubernetesList<TEntity>(items) { Metadata = metadata };
    }

    public async Task<V1ListMeta> ListAsync<TEntity>(ListOptions options, Action<TEntity> each, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        using var response = await OpenListAsync(definition, options, watch: false, MetadataList, cancellationToken);
        var format = GetFormat(definition, response);
        return await WithTimeoutAsync(
            token => ReadBodyAsync(response, (body, end) => format.ReadListAsync(body, each, end), token), cancellationToken);
    }

    public async IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync<TEntity>(
        ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        using var response = await OpenListAsync(definition, options, watch: true, Metadata, cancellationToken);
        using var deadline = options.Timeout is { } timeout ? new WatchDeadline(timeout, Options.Time, cancellationToken) : null;
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var format = GetFormat(definition, response);
        var changes = WatchStream.ReadAsync(body, format, options.IsKnown, Options.MaxResponseBytes, deadline, cancellationToken);
        await foreach (var change in changes)
        {
            yield return change;
        }
    }

    public Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        var path = definition.GetPath(entity.Metadata?.NamespaceProperty) + BuildWriteQuery(force: false);
        var body = RequestBody.Create(SetTypeMeta(entity, definition), definition.Json);
        return SendAsync(HttpMethod.Post, path, body, definition, cancellationToken);
    }

    public Task<TEntity> ApplyAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        var path = definition.GetPath(entity.Metadata.NamespaceProperty, entity.Metadata.Name) + BuildWriteQuery(force: true);
        var body = RequestBody.Create(SetTypeMeta(entity, definition), definition.Json, V1Patch.PatchType.ApplyPatch);
        return SendAsync(HttpMethod.Patch, path, body, definition, cancellationToken);
    }

    public Task<TEntity> ApplyStatusAsync<TEntity>(TEntity entity, string fieldManager, bool dryRun, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        var path = definition.GetPath(entity.Metadata.NamespaceProperty, entity.Metadata.Name, "status");
        var body = RequestBody.Create(SetTypeMeta(entity, definition), definition.Json, V1Patch.PatchType.ApplyPatch);
        path += BuildWriteQuery(force: true, fieldManager, dryRun);
        return SendAsync(HttpMethod.Patch, path, body, definition, cancellationToken);
    }

    public Task<TEntity> PatchAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        SendPatchAsync<TEntity>(@namespace, name, subresource: null, RequestBody.Create(patch), cancellationToken);

    public Task<TEntity> PatchStatusAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        SendPatchAsync<TEntity>(@namespace, name, "status", RequestBody.Create(patch), cancellationToken);

    public Task<TEntity> MergePatchAsync<TEntity>(string name, string? @namespace, TEntity change, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var body = RequestBody.Create(change, registry.Get<TEntity>().Json, V1Patch.PatchType.MergePatch);
        return SendPatchAsync<TEntity>(@namespace, name, subresource: null, body, cancellationToken);
    }

    public async Task<bool> DeleteAsync<TEntity>(
        string name, string? @namespace, V1Preconditions? preconditions, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var body = RequestBody.Create(
            new V1DeleteOptions { ApiVersion = "v1", Kind = "DeleteOptions", Preconditions = preconditions },
            LibraryObjectJson.Default.V1DeleteOptions);
        try
        {
            using var response = await OpenAsync(
                HttpMethod.Delete, registry.Get<TEntity>().GetPath(@namespace, name), body, Json, cancellationToken);
            return true;
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            return false;
        }
    }

    public async Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        try
        {
            var resources = await SendAsync(
                HttpMethod.Get, definition.GroupVersionPath, body: null, LibraryObjectJson.Default.V1APIResourceList, cancellationToken);
            return resources.Resources?.Any(resource => resource.Name == definition.Entity.PluralName) ?? false;
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            return false;
        }
    }

    public Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, "version", body: null, LibraryObjectJson.Default.VersionInfo, cancellationToken);

    private KubernetesClientOptions Options => options;

    private Task<HttpResponseMessage> OpenListAsync<TEntity>(
        EntityDefinition<TEntity> definition, ListOptions query, bool watch, string metadata, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var scope = query.Namespace ?? (definition.Scope == EntityScope.Namespaced ? Options.Namespace : null);
        var path = definition.GetPath(scope) + query.ToQuery(watch);
        return OpenAsync(HttpMethod.Get, path, body: null, GetAccept(definition, query.MetadataOnly ? metadata : ""), cancellationToken);
    }

    // An API server that does not offer the first format takes the second.
    private string GetAccept<TEntity>(EntityDefinition<TEntity> definition, string parameters = "")
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
            definition.Protobuf is null || !Options.AcceptsProtobuf
                ? Json + parameters
                : $"{ProtobufEnvelope.MediaType}{parameters},{Json}{parameters}";

    private static ResponseFormat<TEntity> GetFormat<TEntity>(EntityDefinition<TEntity> definition, HttpResponseMessage response)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
            definition.Protobuf is { } parser && response.Content.Headers.ContentType?.MediaType == ProtobufEnvelope.MediaType
                ? new ProtobufFormat<TEntity>(parser)
                : new JsonFormat<TEntity>(definition.Json);

    // Skips field validation, which costs the API server a second, strict decoding. The types already match the schema.
    private string BuildWriteQuery(bool force, string? fieldManager = null, bool dryRun = false) => ListOptions.BuildQuery(
        ("fieldManager", fieldManager ?? Options.FieldManager),
        ("force", force ? "true" : null),
        ("dryRun", dryRun ? "All" : null),
        ("fieldValidation", "Ignore"));

    private Task<TEntity> SendPatchAsync<TEntity>(
        string? @namespace, string name, string? subresource, RequestBody body, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        var path = definition.GetPath(@namespace, name, subresource) + BuildWriteQuery(force: false);
        return SendAsync(HttpMethod.Patch, path, body, definition, cancellationToken);
    }

    private static TEntity SetTypeMeta<TEntity>(TEntity entity, EntityDefinition<TEntity> definition)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        entity.ApiVersion = definition.GroupVersion;
        entity.Kind = definition.Entity.Kind;
        return entity;
    }

    private Task<T> SendAsync<T>(
        HttpMethod method, string path, RequestBody? body, JsonTypeInfo<T> json, CancellationToken cancellationToken)
        where T : class => WithTimeoutAsync(
        async token =>
        {
            using var response = await connection.SendAsync(method, path, body, Json, token);
            return await ReadBodyAsync(response, (answer, end) => EntityJson.ReadAsync(answer, json, end), token);
        },
        cancellationToken);

    private Task<TEntity> SendAsync<TEntity>(
        HttpMethod method, string path, RequestBody? body, EntityDefinition<TEntity> definition, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => WithTimeoutAsync(
        async token =>
        {
            using var response = await connection.SendAsync(method, path, body, GetAccept(definition), token);
            return await ReadBodyAsync(response, GetFormat(definition, response).ReadAsync, token);
        },
        cancellationToken);

    // Returns the response when its headers have arrived. The body is not read yet.
    private Task<HttpResponseMessage> OpenAsync(
        HttpMethod method, string path, RequestBody? body, string accept, CancellationToken cancellationToken) =>
        WithTimeoutAsync(token => connection.SendAsync(method, path, body, accept, token), cancellationToken);

    private async Task<T> ReadBodyAsync<T>(
        HttpResponseMessage response, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using var bounded = new LengthLimitedStream(body, Options.MaxResponseBytes);
        return await read(bounded, cancellationToken);
    }

    private async Task<T> WithTimeoutAsync<T>(Func<CancellationToken, Task<T>> action, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Options.RequestTimeout, Options.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await action(either.Token);
        }
        catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
        {
            var seconds = Options.RequestTimeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
            throw new TimeoutException($"The API server did not respond within {seconds} seconds.", error);
        }
        catch (IOException error)
        {
            throw new HttpRequestException("The connection to the API server broke.", error);
        }
    }
}
