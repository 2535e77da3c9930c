using System.Collections.Concurrent;
using System.Collections.Immutable;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Caching;

/// <summary>Every workload by namespace and name, whatever its kind. Safe for any number of readers.</summary>
internal sealed class WorkloadCache
{
    private readonly ConcurrentDictionary<NamespacedName, ImmutableArray<Workload>> _workloads = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private readonly List<Action<NamespacedName>> _handlers = [];

    public WorkloadCache(InformerFactory informers)
    {
        Required =
        [
            Follow(informers, new InformerOptions<V1Deployment> { Trim = Trimming.Workload }, Workload.Of),
            Follow(informers, new InformerOptions<V1StatefulSet> { Trim = Trimming.Workload }, Workload.Of),
            Follow(informers, new InformerOptions<V1DaemonSet> { Trim = Trimming.Workload }, Workload.Of),
            Follow(informers, new InformerOptions<V1Job> { Trim = Trimming.Workload, Keep = Trimming.IsStandalone }, Workload.Of),
            Follow(informers, new InformerOptions<V1ReplicaSet> { Trim = Trimming.Workload, Keep = Trimming.IsStandalone }, Workload.Of),
            Follow(informers, new InformerOptions<V1Pod> { Trim = Trimming.Metadata, Keep = Trimming.IsStandalone, MetadataOnly = true }, Workload.Of),
        ];
        CronJobs = Follow(informers, new InformerOptions<V1CronJob> { Trim = Trimming.Workload }, Workload.Of);
    }

    /// <summary>The informers of kinds that every API server serves.</summary>
    public IReadOnlyList<IInformer> Required { get; }

    /// <summary>API servers before 1.21 do not serve CronJobs in <c>batch/v1</c>.</summary>
    public IInformer CronJobs { get; }

    /// <summary>All that have the name, of every kind.</summary>
    public IReadOnlyList<Workload> Find(string @namespace, string name) =>
        _workloads.TryGetValue(new NamespacedName(@namespace, name), out var workloads) ? workloads : [];

    /// <summary>How many workloads there are in a namespace.</summary>
    public int CountIn(string @namespace) => _counts.GetValueOrDefault(@namespace);

    /// <summary>Told of each name whose workloads changed in a way that matters. Add handlers before the informers run.</summary>
    public void AddHandler(Action<NamespacedName> handler) => _handlers.Add(handler);

    private Informer<TEntity> Follow<TEntity>(InformerFactory informers, InformerOptions<TEntity> options, Func<TEntity, Workload> read)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var informer = informers.Create(options);
        informer.AddHandler((old, now) => Changed(old is null ? null : read(old), now is null ? null : read(now)));
        return informer;
    }

    private void Changed(Workload? old, Workload? now)
    {
        if ((now ?? old) is not { } workload || (old is not null && now is not null && IsSame(old, now)))
        {
            // A rollout changes a workload many times and its selector never.
            return;
        }

        var key = new NamespacedName(workload.Namespace, workload.Name);
        Replace(key, workload.Kind, now);
        foreach (var handler in _handlers)
        {
            handler(key);
        }
    }

    private static bool IsSame(Workload old, Workload now) =>
        old.Uid == now.Uid
        && SelectorEquality.Same(old.PodSelector, now.PodSelector)
        && SelectorEquality.Includes(old.PodLabels, now.PodLabels)
        && SelectorEquality.Includes(now.PodLabels, old.PodLabels);

    // Each kind's informer calls from a task of its own.
    private void Replace(NamespacedName key, WorkloadKind kind, Workload? now)
    {
        lock (_writing)
        {
            var others = _workloads.GetValueOrDefault(key, []).RemoveAll(known => known.Kind == kind);
            var all = now is null ? others : others.Add(now);
            var before = _workloads.GetValueOrDefault(key, []).Length;
            _counts.AddOrUpdate(key.Namespace, all.Length, (_, count) => count + all.Length - before);
            if (all.IsEmpty)
            {
                _workloads.TryRemove(key, out _);
            }
            else
            {
                _workloads[key] = all;
            }
        }
    }
}
