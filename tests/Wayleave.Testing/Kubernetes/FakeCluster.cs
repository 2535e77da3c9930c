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
/// An in-memory API server for the operator's own code: lists, watches, server-side apply, patches, and deletes. It has no schemas, pages, or
/// defaults, and the namespaces of objects must exist. It serves and stores only what the version of Kubernetes does. Users act through
/// <see cref="User"/>. Thread-safe.
/// </summary>
public sealed class FakeCluster : FakeKubernetesClient, IClusterObjects
{
    private readonly ClusterEntities _entities;
    private readonly string _manager;
    private readonly ClusterStore _store = new();
    private readonly Dictionary<ObjectKey, JsonObject> _applied = [];
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

    public override Task<ApplyResult<TEntity>> ApplyAsync<TEntity>(TEntity entity, bool force, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var (key, applied) = (_entities.Key(entity), _entities.Write(entity));
        Note($"apply {key}");
        var created = false;
        var result = _store.Change(key, current =>
        {
            created = current is null;
            Check(key, current, uid: null, entity.Metadata.ResourceVersion);
            var now = KubernetesVersions.Stored(current is null ? applied.DeepClone().AsObject() : Apply(key, current, applied, force), _minor);
            ObjectStamp.Manage(now, _manager, "Apply");
            _applied[key] = applied;
            return now;
        });
        return Task.FromResult(new ApplyResult<TEntity>(_entities.Read<TEntity>(result!), created));
    }

    public override Task<TEntity> ApplyStatusAsync<TEntity>(TEntity entity, CancellationToken cancellationToken) =>
        ApplyStatusAsync(entity, _manager, dryRun: false, cancellationToken);

    /// <summary>Applies a status. Accepts only conditions from a manager other than the operator's own.</summary>
    public override Task<TEntity> ApplyStatusAsync<TEntity>(TEntity entity, string fieldManager, bool dryRun, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var (key, applied) = (_entities.Key(entity), _entities.Write(entity));
        if (dryRun)
        {
            return Task.FromResult(Merged(entity, key, applied, fieldManager));
        }

        Note(fieldManager == _manager ? $"status {key}" : $"status {key} by {fieldManager}");
        var result = _store.Change(key, current =>
        {
            Check(key, current ?? throw ClusterRefusal.NotFound(key), entity.Metadata.Uid, entity.Metadata.ResourceVersion);
            var now = current.DeepClone().AsObject();
            now["status"] = StatusOf(key, fieldManager, current["status"] as JsonObject, applied["status"] as JsonObject);
            ObjectStamp.Manage(now, fieldManager, "Apply", "status");
            return now;
        });
        return Task.FromResult(_entities.Read<TEntity>(result!));
    }

    // The object that would be stored.
    private TEntity Merged<TEntity>(TEntity entity, ObjectKey key, JsonObject applied, string manager)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var before = _conditions.GetValueOrDefault((key, manager));
        var now = (_store.Get(key) ?? throw ClusterRefusal.NotFound(key)).DeepClone().AsObject();
        Check(key, now, entity.Metadata.Uid, entity.Metadata.ResourceVersion);
        now["status"] = StatusOf(key, manager, now["status"] as JsonObject, applied["status"] as JsonObject);
        _conditions[(key, manager)] = before ?? [];
        return _entities.Read<TEntity>(now);
    }

    // Conditions are a map by type, and each manager owns its own conditions.
    private JsonObject StatusOf(ObjectKey key, string manager, JsonObject? current, JsonObject? applied)
    {
        var isMain = manager == _manager;
        var before = _conditions.GetValueOrDefault((key, manager)) ?? [];
        var now = ConditionsOf(applied);
        _conditions[(key, manager)] = [.. now.Select(TypeOf)];
        var others = ConditionsOf(current).Where(condition => !before.Contains(TypeOf(condition)) && !_conditions[(key, manager)].Contains(TypeOf(condition)));
        var status = ((isMain ? applied : current)?.DeepClone() ?? new JsonObject()).AsObject();
        status["conditions"] = new JsonArray([.. now.Concat(others).Select(condition => condition?.DeepClone())]);
        return status;
    }

    private static JsonArray ConditionsOf(JsonObject? status) => status?["conditions"] as JsonArray ?? [];

    private static string TypeOf(JsonNode? condition) => (string)condition!["type"]!;

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

    private JsonObject Apply(ObjectKey key, JsonObject current, JsonObject applied, bool force)
    {
        if (!force && AppliedFields.Collides(current, applied))
        {
            throw ClusterRefusal.FieldConflict(key);
        }

        // An object with the same name that another manager created has no fields that were applied before.
        var isOurs = ObjectStamp.IsManaged(current, _manager, "Apply");
        return AppliedFields.Merge(current, applied, isOurs ? _applied.GetValueOrDefault(key) : null);
    }

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
