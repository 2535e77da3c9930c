using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Kubernetes.Client;

/// <summary>The client over HTTP. The <see cref="HttpClient"/> is not disposed here; <see cref="KubernetesHttp"/> makes a fitting one.</summary>
public sealed class KubernetesClient(HttpClient http, EntityRegistry registry, KubernetesClientOptions options) : IKubernetesClient
{
    private readonly ApiRequester _requester = new(http, options);
    private readonly long _largestAnswer = options.LargestAnswer;
    private readonly string? _namespace = options.Namespace;
    private readonly TimeProvider _time = options.Time;

    public async Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        using var request = new HttpRequestMessage(HttpMethod.Get, definition.Path(@namespace, name));
        return await _requester.FindAsync(request, definition.Json, cancellationToken);
    }

    public async Task<EntityList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(options);
        var definition = registry.Get<TEntity>();
        using var request = CollectionRequest(definition, options, watch: false);
        return await _requester.SendAsync(request, definition.ListJson, cancellationToken);
    }

    public async Task<V1ListMeta> ListAsync<TEntity>(ListOptions options, Action<TEntity> each, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(options);
        var definition = registry.Get<TEntity>();
        using var request = CollectionRequest(definition, options, watch: false);
        using var response = await _requester.OpenAsync(request, cancellationToken);
        return await _requester.ReadAsync(response, new ListStream<TEntity>(definition.Json, each).ReadAsync, cancellationToken);
    }

    public async IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync<TEntity>(
        ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(options);
        var definition = registry.Get<TEntity>();
        using var request = CollectionRequest(definition, options, watch: true);
        using var response = await _requester.OpenAsync(request, cancellationToken);
        using var deadline = options.Timeout is { } timeout ? new WatchDeadline(timeout, _time, cancellationToken) : null;
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var changes = WatchStream.ReadAsync(body, definition.Json, options.IsKnown, _largestAnswer, deadline, cancellationToken);
        await foreach (var change in changes)
        {
            yield return change;
        }
    }

    public async Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        var path = definition.Path(entity.Metadata.NamespaceProperty) + FieldManager(force: false);
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Body(Stamp(entity, definition), definition.Json) };
        return await _requester.SendAsync(request, definition.Json, cancellationToken);
    }

    public async Task<ApplyResult<TEntity>> ApplyAsync<TEntity>(TEntity entity, bool force, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        using var request = ApplyRequest(entity, definition, subresource: null, force);
        using var response = await _requester.OpenAsync(request, cancellationToken);
        var applied = await _requester.ReadAsync(response, definition.Json, cancellationToken);
        return new ApplyResult<TEntity>(applied, response.StatusCode == HttpStatusCode.Created);
    }

    public Task<TEntity> ApplyStatusAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => ApplyStatusAsync(entity, options.FieldManager, dryRun: false, cancellationToken);

    public async Task<TEntity> ApplyStatusAsync<TEntity>(TEntity entity, string fieldManager, bool dryRun, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        using var request = ApplyRequest(entity, definition, "status", force: true, fieldManager, dryRun);
        return await _requester.SendAsync(request, definition.Json, cancellationToken);
    }

    public async Task<TEntity> PatchAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(patch);
        var definition = registry.Get<TEntity>();
        var content = new ReadOnlyMemoryContent(patch.Content);
        content.Headers.ContentType = patch.ContentType;
        using var request = new HttpRequestMessage(HttpMethod.Patch, definition.Path(@namespace, name) + FieldManager(force: false)) { Content = content };
        return await _requester.SendAsync(request, definition.Json, cancellationToken);
    }

    public async Task<bool> DeleteAsync<TEntity>(
        string name, string? @namespace, V1Preconditions? preconditions, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        var body = new V1DeleteOptions { ApiVersion = "v1", Kind = "DeleteOptions", Preconditions = preconditions };
        using var request = new HttpRequestMessage(HttpMethod.Delete, definition.Path(@namespace, name))
        {
            Content = Body(body, KubernetesJson.Default.V1DeleteOptions),
        };
        return await _requester.TrySendAsync(request, cancellationToken);
    }

    public async Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var definition = registry.Get<TEntity>();
        var root = definition.Entity.Group.Length == 0 ? "api/" : "apis/";
        using var request = new HttpRequestMessage(HttpMethod.Get, root + definition.GroupVersion);
        var resources = await _requester.FindAsync(request, KubernetesJson.Default.V1APIResourceList, cancellationToken);
        return resources?.Resources?.Exists(resource => resource.Name == definition.Entity.PluralName) ?? false;
    }

    public async Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "version");
        return await _requester.SendAsync(request, KubernetesJson.Default.VersionInfo, cancellationToken);
    }

    private HttpRequestMessage CollectionRequest<TEntity>(EntityDefinition<TEntity> definition, ListOptions options, bool watch)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var @namespace = options.Namespace ?? (definition.Entity.Scope == EntityScope.Namespaced ? _namespace : null);
        var request = new HttpRequestMessage(HttpMethod.Get, definition.Path(@namespace) + options.ToQuery(watch));
        if (options.MetadataOnly)
        {
            var kind = watch ? "PartialObjectMetadata" : "PartialObjectMetadataList";
            request.Headers.Accept.ParseAdd($"application/json;as={kind};g=meta.k8s.io;v=v1");
        }

        return request;
    }

    private HttpRequestMessage ApplyRequest<TEntity>(
        TEntity entity, EntityDefinition<TEntity> definition, string? subresource, bool force, string? fieldManager = null, bool dryRun = false)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var path = definition.Path(entity.Metadata.NamespaceProperty, entity.Metadata.Name, subresource) + FieldManager(force, fieldManager, dryRun);
        var content = Body(Stamp(entity, definition), definition.Json, "application/apply-patch+yaml");
        return new HttpRequestMessage(HttpMethod.Patch, path) { Content = content };
    }

    private string FieldManager(bool force, string? fieldManager = null, bool dryRun = false) => new QueryBuilder()
        .Add("fieldManager", fieldManager ?? options.FieldManager)
        .Add("force", force ? "true" : null)
        .Add("dryRun", dryRun ? "All" : null)
        .ToString();

    private static TEntity Stamp<TEntity>(TEntity entity, EntityDefinition<TEntity> definition)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        entity.ApiVersion = definition.GroupVersion;
        entity.Kind = definition.Entity.Kind;
        return entity;
    }

    private static ByteArrayContent Body<T>(T value, JsonTypeInfo<T> json, string mediaType = "application/json")
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, json));
        content.Headers.ContentType = new(mediaType);
        return content;
    }
}
