using System.Collections.Concurrent;
using System.Collections.Immutable;
using k8s;
using k8s.Models;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Operator.Caching;

/// <summary>Every workload by namespace and name, whatever its kind. Safe for any number of readers.</summary>
internal sealed class WorkloadCache
{
    // Label selectors that exclude owned objects on the server side, because there are thousands of them and they change all the time.
    private const string NotOfDeployments = "!pod-template-hash";
    private const string NotOfControllers =
        "!pod-template-hash,!controller-revision-hash,!controller-uid,!batch.kubernetes.io/controller-uid";

    private readonly ConcurrentDictionary<NamespacedName, ImmutableArray<Workload>> _workloads = new();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly SelectorOverlaps _overlaps = new();
    private readonly Lock _writing = new();
    private readonly List<Action<WorkloadChange>> _handlers = [];
    private readonly ConcurrentDictionary<NamespacedName, ImmutableArray<Workload>> _lastKnown = new();

    public WorkloadCache(InformerFactory informers)
    {
        Required =
        [
            Follow(
                informers,
                Trimmed<PartialDeployment>(informers, entity => entity.Spec?.Template, entity => entity.Spec?.Selector),
                Workload.From),
            Follow(
                informers,
                Trimmed<PartialStatefulSet>(informers, entity => entity.Spec?.Template, entity => entity.Spec?.Selector),
                Workload.From),
            Follow(
                informers,
                Trimmed<PartialDaemonSet>(informers, entity => entity.Spec?.Template, entity => entity.Spec?.Selector),
                Workload.From),
            Follow(
                informers,
                Trimmed<PartialJob>(
                    informers,
                    entity => entity.Spec?.Template,
                    entity => entity.Spec?.Selector) with { Filter = CacheTransforms.HasNoKnownController },
                Workload.From),
            Follow(
                informers,
                Trimmed<PartialReplicaSet>(informers, entity => entity.Spec?.Template, entity => entity.Spec?.Selector) with
                {
                    Filter = CacheTransforms.HasNoKnownController,
                    LabelSelector = NotOfDeployments,
                },
                Workload.From),
            Follow(
                informers,
                new InformerOptions<PartialPod>
                {
                    Transform = TrimPod,
                    Filter = CacheTransforms.HasNoKnownController,
                    LabelSelector = NotOfControllers,
                },
                Workload.From),
        ];
        CronJobs = Follow(
            informers, Trimmed<PartialCronJob>(informers, entity => entity.Spec?.JobTemplate?.Spec?.Template, _ => null), Workload.From);
    }

    /// <summary>The informers of kinds that every API server serves.</summary>
    public IReadOnlyList<IInformer> Required { get; }

    /// <summary>API servers before 1.21 do not serve CronJobs in <c>batch/v1</c>.</summary>
    public IInformer CronJobs { get; }

    /// <summary>The workloads of well-known ingress controllers.</summary>
    public IngressControllerIndex Controllers { get; } = new();

    /// <summary>
    /// Whether something is declared about a workload of that name. A declared workload is remembered after deletion, because its Pods may
    /// still run.
    /// </summary>
    public Func<NamespacedName, bool> IsDeclared { get; set; } = static _ => false;

    /// <summary>All that have the name, of every kind.</summary>
    public IReadOnlyList<Workload> Find(string @namespace, string name) =>
        _workloads.TryGetValue(new NamespacedName(@namespace, name), out var workloads) ? [.. workloads.Select(Identified)] : [];

    /// <summary>All workloads that have the name, each with the workloads that it shares Pods with.</summary>
    public IReadOnlyList<Workload> FindWithOverlaps(string @namespace, string name) => [.. Find(@namespace, name).Select(WithOverlaps)];

    /// <summary>All whose Pods a selector matches, as far as their labels are known.</summary>
    public IReadOnlyList<Workload> FindMatching(string @namespace, V1LabelSelector selector) =>
        _overlaps.WithPodsMatching(@namespace, selector);

    /// <summary>The others whose selectors match a workload's Pods.</summary>
    public IReadOnlyList<Workload> WithSelectorsFor(Workload workload) => _overlaps.WithSelectorsFor(workload);

    /// <summary>Those of the name that do not exist now and were there while something was declared about them.</summary>
    public IReadOnlyList<Workload> LastKnown(string @namespace, string name) =>
        _lastKnown.TryGetValue(new NamespacedName(@namespace, name), out var workloads) ? [.. workloads.Select(WithOverlaps)] : [];

    /// <summary>Forgets those that do not exist now, if nothing is declared about the name.</summary>
    public void Forget(string @namespace, string name)
    {
        var key = new NamespacedName(@namespace, name);
        if (_lastKnown.ContainsKey(key) && !IsDeclared(key))
        {
            _lastKnown.TryRemove(key, out _);
        }
    }

    /// <summary>How many workloads there are in a namespace.</summary>
    public int CountIn(string @namespace) => _counts.GetValueOrDefault(@namespace);

    /// <summary>The namespaces that have any.</summary>
    public ICollection<string> Namespaces => _counts.Keys;

    /// <summary>Called for each workload that changed in a way that matters. Add handlers before the informers run.</summary>
    public void AddHandler(Action<WorkloadChange> handler) => _handlers.Add(handler);

    private void TrimPod(PartialPod pod)
    {
        CacheTransforms.TrimMetadata(pod);
        pod.Spec = CacheTransforms.TrimPodSpec(pod.Spec);
    }

    private Workload WithOverlaps(Workload workload) =>
        _overlaps.WithPodsOf(workload) is { Count: > 0 } others ? workload with { Overlaps = others } : workload;

    // Labels that stay are enough, unless they match the Pods of others.
    private Workload Identified(Workload workload) => workload.ExactSelector is null
        ? workload
        : _overlaps.WithPodsOf(workload).Count == 0 ? workload : workload.WithExactSelector();

    private static InformerOptions<TEntity> Trimmed<TEntity>(
        InformerFactory informers, Func<TEntity, PartialPodTemplateSpec?> template, Func<TEntity, V1LabelSelector?> selector)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> => new()
        {
            Transform = entity =>
            {
                CacheTransforms.TrimWorkload(entity);
                CacheTransforms.TrimPodTemplate(template(entity));
                Share(informers.Strings, template(entity)?.Metadata, selector(entity));
            },
        };

    private static void Share(StringInterner strings, V1ObjectMeta? pods, V1LabelSelector? selector)
    {
        if (pods is not null)
        {
            pods.Labels = strings.Intern(pods.Labels);
        }

        if (selector is not null)
        {
            selector.MatchLabels = strings.Intern(selector.MatchLabels);
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

        Remember(old, now);
        Replace(new NamespacedName(workload.Namespace, workload.Name), workload.Kind, now);
        _overlaps.Replace(old, now);
        Controllers.Replace(old, now);
        Notify(new WorkloadChange(old, now));
        Workload?[] sides = [old, now];
        var others = sides
            .OfType<Workload>()
            .SelectMany(_overlaps.WithSelectorsFor)
            .DistinctBy(other => (other.Namespace, other.Name, other.Kind));
        foreach (var other in others)
        {
            Notify(new WorkloadChange(other, other));
        }
    }

    private void Notify(WorkloadChange change) => _handlers.ForEach(handler => handler(change));

    private void Remember(Workload? old, Workload? now)
    {
        var workload = (now ?? old)!;
        var key = new NamespacedName(workload.Namespace, workload.Name);
        var others = _lastKnown.GetValueOrDefault(key, []).RemoveAll(other => other.Kind == workload.Kind);
        if (now is null && workload is { IsOwned: false, SelectsEverything: false } && IsDeclared(key))
        {
            _lastKnown[key] = others.Add(Identified(workload));
        }
        else if (others.IsEmpty)
        {
            _lastKnown.TryRemove(key, out _);
        }
        else
        {
            _lastKnown[key] = others;
        }
    }

    private static bool IsSame(Workload old, Workload now) =>
        old.Uid == now.Uid
        && SelectorEquality.AreEqual(old.PodSelector, now.PodSelector)
        && SelectorEquality.ContainsAll(old.PodLabels, now.PodLabels)
        && SelectorEquality.ContainsAll(now.PodLabels, old.PodLabels)
        && old.AllPodsUseHostNetwork == now.AllPodsUseHostNetwork
        && old.Ports.SequenceEqual(now.Ports);

    // Each kind's informer calls from a task of its own.
    private void Replace(NamespacedName key, WorkloadKind kind, Workload? now)
    {
        lock (_writing)
        {
            var others = _workloads.GetValueOrDefault(key, []).RemoveAll(known => known.Kind == kind);
            var all = now is null ? others : others.Add(now);
            var before = _workloads.GetValueOrDefault(key, []).Count(workload => !workload.IsOwned);
            Count(key.Namespace, all.Count(workload => !workload.IsOwned) - before);
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

    // Remove namespaces without workloads, so that the dictionary stays bounded.
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

/// <summary>A workload that changed in a way that matters.</summary>
/// <param name="Old">Null when it was added.</param>
/// <param name="Now">Null when it was deleted.</param>
internal readonly record struct WorkloadChange(Workload? Old, Workload? Now)
{
    /// <summary>Its namespace and name.</summary>
    public NamespacedName Name => new((Now ?? Old)!.Namespace, (Now ?? Old)!.Name);

    /// <summary>The old and the new state, as far as they exist.</summary>
    public IEnumerable<Workload> Sides => new[] { Old, Now }.OfType<Workload>();
}
