using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Testing.Meaning;

namespace Wayleave.Testing.Kubernetes;

/// <summary>
/// An in-memory API server for the operator's own code: lists, watches, patches, applied conditions, and deletes. It has no schemas, pages, or
/// defaults, and the namespaces of objects must exist. It serves and stores only what the version of Kubernetes does. Users act through
/// <see cref="User"/>. Thread-safe.
/// </summary>
public sealed class FakeCluster : FakeKubernetesClient, IClusterObjects
{
    private readonly ClusterEntities _entities;
    private readonly string _manager;
    private readonly ClusterStore _store = new();
    private readonly Dictionary<(ObjectKey Key, string Manager), HashSet<string>> _conditions = [];
    private readonly List<string> _writes = [];
    private readonly int _minor;

    /// <param name="registry">The kinds that it serves.</param>
    /// <param name="fieldManager">The name under which its client applies.</param>
    /// <param name="minor">The minor version of Kubernetes.</param>
    public FakeCluster(EntityRegistry registry, string fieldManager, int minor = KubernetesVersions.Current)
    {
        _minor = minor;
        _entities = new ClusterEntities(registry);
        _manager = fieldManager;
        User = new FakeUser(_entities, _store);
    }

    /// <summary>Changes the cluster as users other than the operator do.</summary>
    public FakeUser User { get; }

    /// <summary>Increases with every change to any object.</summary>
    public long Version => _store.Version;

    /// <summary>Every write request, whether or not it changed anything.</summary>
    public IReadOnlyList<string> Writes
    {
        get
        {
            lock (_writes)
            {
                return [.. _writes];
            }
        }
    }

    /// <summary>Whether a resource is watched and all changes to it have been processed.</summary>
    public bool IsHeard(string resource) => _store.IsHeard(resource);

    /// <summary>Ends all watches; with <paramref name="forget"/> they cannot be resumed, as after a compaction.</summary>
    public void EndWatches(bool forget) => _store.EndWatches(forget);

    /// <summary>The current objects of a kind.</summary>
    public IReadOnlyList<TEntity> List<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => User.List<TEntity>();

    public override Task<KubernetesList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (objects, version) = _store.List(_entities.Resource<TEntity>());
        return Task.FromResult(new KubernetesList<TEntity>([.. objects.Select(entity => _entities.Read<TEntity>(entity, options.MetadataOnly))])
        {
            Metadata = new V1ListMeta { ResourceVersion = version.ToString(CultureInfo.InvariantCulture) },
        });
    }

    public override async IAsyncEnumerable<WatchEvent<TEntity>> WatchAsync<TEntity>(
        ListOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        using var watch = _store.Watch(_entities.Resource<TEntity>(), options.ResourceVersion);
        while (await watch.NextAsync(cancellationToken) is { } change)
        {
            yield return new WatchEvent<TEntity>(change.Type, _entities.Read<TEntity>(change.Object, options.MetadataOnly));
        }
    }

    public override Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
        where TEntity : class
    {
        var found = _store.Get(_entities.Key<TEntity>(@namespace, name));
        return Task.FromResult(found is null ? null : _entities.Read<TEntity>(found));
    }

    /// <summary>Creates an object. An access review always returns yes.</summary>
    public override Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
    {
        if (entity is V1SelfSubjectAccessReview review)
        {
            review.Status = new V1SubjectAccessReviewStatus { Allowed = true };
            return Task.FromResult(entity);
        }

        var (key, created) = (_entities.Key(entity), _entities.Write(entity));
        Note($"create {key}");
        var result = _store.Change(key, current =>
        {
            if (current is not null)
            {
                throw ClusterRefusal.AlreadyExists(key);
            }

            var stored = KubernetesVersions.Stored(created, _minor);
            ObjectStamp.Manage(stored, _manager, "Update");
            return stored;
        });
        return Task.FromResult(_entities.Read<TEntity>(result!));
    }

    /// <summary>Applies an object as its only manager: what it does not have is removed. Owners of single fields are not tracked.</summary>
    public override Task<TEntity> ApplyAsync<TEntity>(TEntity entity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var (key, applied) = (_entities.Key(entity), _entities.Write(entity));
        Note($"apply {key}");
        var result = _store.Change(key, current =>
        {
            var uid = (string?)applied["metadata"]!["uid"];
            if (uid is not null && uid != (string?)current?["metadata"]!["uid"])
            {
                throw ClusterRefusal.Conflict(key, "the UID is another one");
            }

            var now = KubernetesVersions.Stored(applied, _minor);
            now["metadata"] = current?["metadata"]?.DeepClone() ?? now["metadata"]?.DeepClone();
            ObjectStamp.Manage(now, _manager, "Apply");
            return now;
        });
        return Task.FromResult(_entities.Read<TEntity>(result!));
    }

    /// <summary>Applies conditions, which are a map by type. Each field manager owns its own.</summary>
    public override Task<TEntity> ApplyStatusAsync<TEntity>(TEntity entity, string fieldManager, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var (key, applied) = (_entities.Key(entity), ConditionsOf(_entities.Write(entity)));
        if (dryRun)
        {
            var now = (_store.Get(key) ?? throw ClusterRefusal.NotFound(key)).DeepClone().AsObject();
            Check(key, now, entity.Metadata.Uid, entity.Metadata.ResourceVersion);
            return Task.FromResult(_entities.Read<TEntity>(WithConditions(now, applied, _conditions.GetValueOrDefault((key, fieldManager)))));
        }

        Note($"status {key} by {fieldManager}");
        var result = _store.Change(key, current =>
        {
            Check(key, current ?? throw ClusterRefusal.NotFound(key), entity.Metadata.Uid, entity.Metadata.ResourceVersion);
            var now = WithConditions(current.DeepClone().AsObject(), applied, _conditions.GetValueOrDefault((key, fieldManager)));
            _conditions[(key, fieldManager)] = [.. applied.Select(TypeOf)];
            ObjectStamp.Manage(now, fieldManager, "Apply", "status");
            return now;
        });
        return Task.FromResult(_entities.Read<TEntity>(result!));
    }

    private static JsonObject WithConditions(JsonObject entity, JsonArray applied, HashSet<string>? before)
    {
        var removed = applied.Select(TypeOf).Concat(before ?? []).ToHashSet();
        var others = ConditionsOf(entity).Where(condition => !removed.Contains(TypeOf(condition)));
        var status = entity["status"] as JsonObject ?? [];
        status["conditions"] = new JsonArray([.. applied.Concat(others).Select(condition => condition?.DeepClone())]);
        entity["status"] ??= status;
        return entity;
    }

    private static JsonArray ConditionsOf(JsonObject entity) => entity["status"]?["conditions"] as JsonArray ?? [];

    private static string TypeOf(JsonNode? condition) => (string)condition!["type"]!;

    public override Task<TEntity> PatchStatusAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var key = _entities.Key<TEntity>(@namespace, name);
        Note($"status {key}");
        var result = _store.Change(key, current =>
        {
            var now = (current ?? throw ClusterRefusal.NotFound(key)).DeepClone().AsObject();
            now["status"] = ClusterPatch.Apply(key, current, patch)["status"]?.DeepClone();
            ObjectStamp.Manage(now, _manager, "Update", "status");
            return now;
        });
        return Task.FromResult(_entities.Read<TEntity>(result!));
    }

    public override Task<TEntity> PatchAsync<TEntity>(string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patch);
        var key = _entities.Key<TEntity>(@namespace, name);
        Note($"patch {key}");
        var result = _store.Change(key, current =>
        {
            var now = KubernetesVersions.Stored(ClusterPatch.Apply(key, current ?? throw ClusterRefusal.NotFound(key), patch), _minor);
            ObjectStamp.Manage(now, _manager, "Update");
            return now;
        });
        return Task.FromResult(_entities.Read<TEntity>(result!));
    }

    public override Task<bool> DeleteAsync<TEntity>(
        string name, string? @namespace, V1Preconditions? preconditions, CancellationToken cancellationToken)
    {
        var key = _entities.Key<TEntity>(@namespace, name);
        Note($"delete {key}");
        var existed = false;
        _store.Change(key, current =>
        {
            existed = current is not null;
            if (current is not null)
            {
                Check(key, current, preconditions?.Uid, preconditions?.ResourceVersion);
            }

            return current is null ? null : ObjectStamp.Deleted(current);
        });
        return Task.FromResult(existed);
    }

    public override Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken) => Task.FromResult(KubernetesVersions.Serves(typeof(TEntity), _minor));

    public override Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new VersionInfo { Major = "1", Minor = _minor.ToString(CultureInfo.InvariantCulture), GitVersion = $"v1.{_minor}.2" });

    private static void Check(ObjectKey key, JsonObject? current, string? uid, string? version)
    {
        var meta = current?["metadata"] ?? new JsonObject();
        if ((uid is not null && uid != (string?)meta["uid"]) || (version is not null && version != (string?)meta["resourceVersion"]))
        {
            throw ClusterRefusal.Conflict(key, "the object has been modified");
        }
    }

    private void Note(string write)
    {
        lock (_writes)
        {
            _writes.Add(write);
        }
    }
}
