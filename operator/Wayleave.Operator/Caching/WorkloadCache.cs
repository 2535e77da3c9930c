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
    // What controllers make comes in thousands, changes all the time and is dropped here: these labels, which the controllers of Kubernetes
    // put on it, keep the API server from sending it at all.
    private const string NotOfDeployments = "!pod-template-hash";
    private const string NotOfControllers = "!pod-template-hash,!controller-revision-hash,!controller-uid";

    private readonly ConcurrentDictionary<NamespacedName, ImmutableArray<Workload>> _workloads = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly SelectorOverlaps _overlaps = new();
    private readonly Lock _writing = new();
    private readonly List<Action<NamespacedName>> _handlers = [];

    public WorkloadCache(InformerFactory informers)
    {
        Required =
        [
            Follow(informers, Trimmed<V1Deployment>(informers, entity => entity.Spec?.Template, entity => entity.Spec?.Selector), Workload.Of),
            Follow(informers, Trimmed<V1StatefulSet>(informers, entity => entity.Spec?.Template, entity => entity.Spec?.Selector), Workload.Of),
            Follow(informers, Trimmed<V1DaemonSet>(informers, entity => entity.Spec?.Template, entity => entity.Spec?.Selector), Workload.Of),
            Follow(informers, Trimmed<V1Job>(informers, entity => entity.Spec?.Template, entity => entity.Spec?.Selector) with { Keep = Trimming.IsStandalone }, Workload.Of),
            Follow(informers, Trimmed<V1ReplicaSet>(informers, entity => entity.Spec?.Template, entity => entity.Spec?.Selector) with { Keep = Trimming.IsStandalone, LabelSelector = NotOfDeployments }, Workload.Of),
            Follow(informers, new InformerOptions<V1Pod> { Trim = Trimming.Metadata, Keep = Trimming.IsStandalone, LabelSelector = NotOfControllers, MetadataOnly = true }, Workload.Of),
        ];
        CronJobs = Follow(informers, Trimmed<V1CronJob>(informers, entity => entity.Spec?.JobTemplate?.Spec?.Template, _ => null), Workload.Of);
    }

    /// <summary>The informers of kinds that every API server serves.</summary>
    public IReadOnlyList<IInformer> Required { get; }

    /// <summary>API servers before 1.21 do not serve CronJobs in <c>batch/v1</c>.</summary>
    public IInformer CronJobs { get; }

    /// <summary>All that have the name, of every kind.</summary>
    public IReadOnlyList<Workload> Find(string @namespace, string name) =>
        _workloads.TryGetValue(new NamespacedName(@namespace, name), out var workloads) ? workloads : [];

    /// <summary>The same, each with the workloads that it shares pods with.</summary>
    public IReadOnlyList<Workload> FindWithOverlaps(string @namespace, string name) => Find(@namespace, name)
        .Select(workload => _overlaps.WithPodsOf(workload) is { Count: > 0 } others ? workload with { Overlaps = others } : workload)
        .ToList();

    /// <summary>How many workloads there are in a namespace.</summary>
    public int CountIn(string @namespace) => _counts.GetValueOrDefault(@namespace);

    /// <summary>The namespaces that have any.</summary>
    public ICollection<string> Namespaces => _counts.Keys;

    /// <summary>Told of each name whose workloads changed in a way that matters. Add handlers before the informers run.</summary>
    public void AddHandler(Action<NamespacedName> handler) => _handlers.Add(handler);

    private static InformerOptions<TEntity> Trimmed<TEntity>(
        InformerFactory informers, Func<TEntity, V1PodTemplateSpec?> template, Func<TEntity, V1LabelSelector?> selector)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => new()
        {
            Trim = entity =>
            {
                Trimming.Workload(entity);
                Trimming.Template(template(entity));
                Share(informers.Strings, template(entity)?.Metadata, selector(entity));
            },
        };

    private static void Share(SharedStrings strings, V1ObjectMeta? pods, V1LabelSelector? selector)
    {
        if (pods is not null)
        {
            pods.Labels = strings.Share(pods.Labels);
        }

        if (selector is not null)
        {
            selector.MatchLabels = strings.Share(selector.MatchLabels);
        }
    }

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

        Replace(new NamespacedName(workload.Namespace, workload.Name), workload.Kind, now);
        _overlaps.Replace(old, now);
        Workload?[] sides = [old, now];
        var others = sides.OfType<Workload>().SelectMany(_overlaps.WithSelectorsFor);
        foreach (var name in others.Append(workload).Select(affected => new NamespacedName(affected.Namespace, affected.Name)).Distinct())
        {
            _handlers.ForEach(handler => handler(name));
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
            Count(key.Namespace, all.Length - before);
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

    // A namespace without workloads is left out: there is no end to the names of namespaces that come and go.
    private void Count(string @namespace, int change)
    {
        var count = _counts.GetValueOrDefault(@namespace) + change;
        if (count == 0)
        {
            _counts.TryRemove(@namespace, out _);
        }
        else
        {
            _counts[@namespace] = count;
        }
    }
}
