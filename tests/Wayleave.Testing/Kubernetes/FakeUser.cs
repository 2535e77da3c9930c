using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Wayleave.Api;

namespace Wayleave.Testing.Kubernetes;

/// <summary>
/// Changes a <see cref="FakeCluster"/> as users and other programs do, with another field manager. Its writes do not count as writes of the
/// operator.
/// </summary>
public sealed class FakeUser
{
    private const string Manager = "kubectl";
    private readonly ClusterEntities _entities;
    private readonly ClusterStore _store;

    internal FakeUser(ClusterEntities entities, ClusterStore store) => (_entities, _store) = (entities, store);

    public IReadOnlyList<TEntity> List<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        [.. _store.List(_entities.Resource<TEntity>()).Objects.Select(entity => _entities.Read<TEntity>(entity))];

    /// <summary>Creates an object, or replaces its labels, annotations, and spec.</summary>
    /// <exception cref="KubernetesException">Its namespace does not exist, or is being deleted and the object is new.</exception>
    public void Put<TEntity>(TEntity entity)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        ArgumentNullException.ThrowIfNull(entity);
        var wanted = _entities.Write(entity);
        _store.Change(_entities.Key(entity), current => Replaced(current, wanted));
    }

    /// <summary>Changes an object. Does nothing when it does not exist.</summary>
    public void Edit<TEntity>(string? @namespace, string name, Action<TEntity> edit)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        _store.Change(_entities.Key<TEntity>(@namespace, name), current =>
        {
            if (current is null)
            {
                return null;
            }

            var entity = _entities.Read<TEntity>(current);
            edit(entity);
            return Replaced(current, _entities.Write(entity));
        });
    }

    /// <summary>Sets the status of an object that exists, as an earlier process of the operator did.</summary>
    public void PutStatus<TEntity, TStatus>(string? @namespace, string name, TStatus status)
        where TEntity : class, IReportedKind<TEntity, TStatus>
        where TStatus : class, IConditionedStatus => _store.Change(_entities.Key<TEntity>(@namespace, name), current =>
        {
            var now = current?.DeepClone().AsObject();
            now?["status"] = JsonSerializer.SerializeToNode(status, ApiJson.Default.Options);
            return now;
        });

    /// <summary>Deletes an object, or begins to, when it has finalizers.</summary>
    /// <returns>Whether it was there.</returns>
    public bool Delete<TEntity>(string? @namespace, string name)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var key = _entities.Key<TEntity>(@namespace, name);
        var existed = _store.Get(key) is not null;
        _store.Change(key, current => current is null ? null : ObjectStamp.Deleted(current));
        return existed;
    }

    /// <summary>Removes an object regardless of its finalizers.</summary>
    public void Erase<TEntity>(string? @namespace, string name)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        _store.Change(_entities.Key<TEntity>(@namespace, name), _ => null);

    /// <summary>Removes everything in a namespace and then the namespace, as at the end of its deletion.</summary>
    public void EraseNamespace(string name)
    {
        foreach (var key in _store.ListIn(name))
        {
            _store.Change(key, _ => null);
        }

        Erase<V1Namespace>(null, name);
    }

    // Status, UID, and other fields that a user does not set stay as they are.
    private static JsonObject Replaced(JsonObject? current, JsonObject wanted)
    {
        var now = current?.DeepClone().AsObject() ?? wanted.DeepClone().AsObject();
        foreach (var field in new[] { "spec", "webhooks", "workload", "since", "calls", "telemetry" }.Where(wanted.ContainsKey))
        {
            now[field] = wanted[field]?.DeepClone();
        }

        foreach (var field in new[] { "labels", "annotations", "finalizers", "ownerReferences" })
        {
            now["metadata"]![field] = wanted["metadata"]![field]?.DeepClone();
        }

        var text = now.ToJsonString();
        ObjectStamp.Manage(now, Manager, "Update");
        return current is not null && current.ToJsonString() == text ? current.DeepClone().AsObject() : now;
    }
}
