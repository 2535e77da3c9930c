using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Clusters;

/// <summary>The result of adding a member.</summary>
/// <param name="IsAdded">False when another Cluster leads to the same cluster, or when there are to be no members any more.</param>
/// <param name="FindOlderDuplicate">The Cluster that leads to the same cluster and comes before; null if there is none.</param>
/// <param name="Evicted">
///  The running member of a younger duplicate, which was replaced. The caller disposes it. Null if there is none.
/// </param>
internal readonly record struct AddMemberResult(bool IsAdded, string? FindOlderDuplicate, MemberCluster? Evicted);

/// <summary>
/// Manages the running member clusters and the declarations of each. Members run only while this process is the leader. If several Clusters
/// connect to the same cluster, only the oldest has a member. Thread-safe.
/// </summary>
internal sealed class MemberClusterManager(DeclarationCache declarations, TimeProvider time) : IController
{
    // The maximum wait of a younger Cluster for an older one that does not respond.
    private static readonly TimeSpan _maxWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private static readonly Comparer<Cluster> _byAge = Comparer<Cluster>.Create(CompareAge);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemberState> _states = new(StringComparer.Ordinal);
    private bool _isOpen;

    public string Name => "members";

    /// <summary>Registers with the declarations. Call once, before they are read.</summary>
    public void Attach()
    {
        declarations.Intents.AddHandler((old, now) => Changed(
            old, now, member => member.Intents, (intents, member) => IsMeant(intents.Parse().Clusters, member)));
        declarations.Protections.AddHandler((old, now) => Changed(
            old, now, member => member.Protections, (protection, member) => IsMeant(protection.Parse().Clusters, member)));
        declarations.Enforcements.AddHandler((old, now) => Changed(old, now, member => member.Enforcements, static (_, _) => true));
        declarations.Clusters.AddHandler(ClusterChanged);
    }

    public async Task RunAsync(CancellationToken drain, CancellationToken abort)
    {
        SetOpen(true);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(drain, abort);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (either.Token.Register(ended.SetResult))
        {
            await ended.Task;
        }

        await Task.WhenAll(SetOpen(false).Select(member => member.DisposeAsync().AsTask()));
    }

    /// <summary>The member that runs for a Cluster. Null if none does.</summary>
    public MemberCluster? Find(string name) => Read(name, static state => state.Running);

    /// <summary>
    /// Whether declarations can be enforced in a member, as last reported. Null if it was not checked in this leader term.
    /// </summary>
    public SelectedCluster? FindHealth(string name) => Read(name, static state => state.Health);

    /// <summary>Stores whether declarations can be enforced in a member. True if that changed.</summary>
    public bool Report(SelectedCluster health) => Update(health.Name, state =>
    {
        var before = state.Health;
        state.Health = health;
        return before != health;
    });

    /// <summary>Counts a failed connection. Returns the number since the last success.</summary>
    public int CountFailure(string name) => Update(name, static state => ++state.Failures);

    /// <summary>The connection succeeded.</summary>
    public void ResetFailures(string name) => Update(name, static state => state.Failures = 0);

    /// <summary>Counts a check that found the caches not synced. Returns the number since they had synced.</summary>
    public int CountUnsynced(string name) => Update(name, static state => ++state.Unsynced);

    /// <summary>The caches have synced.</summary>
    public void ResetUnsynced(string name) => Update(name, static state => state.Unsynced = 0);

    /// <summary>A Cluster was checked.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="identity">The identity of the cluster that it connects to. Null if unknown; an earlier one stays.</param>
    public void MarkChecked(string name, string? identity) => Update(name, state =>
    {
        state.Identity = identity ?? state.Identity;
        return state.IsChecked = true;
    });

    /// <summary>
    /// Whether a Cluster has to wait for an older one whose identity is not known yet: if both connect to the same cluster, the older one
    /// has to be used. A new Cluster always waits for a second, because creation times are in whole seconds and the name decides between
    /// equal ones. The wait is limited, because the older one may never respond.
    /// </summary>
    public bool ShouldWaitForOlder(Cluster cluster)
    {
        lock (_lock)
        {
            var waited = time.GetElapsedTime(StateOf(cluster.Metadata.Name!).WaitingSince ??= time.GetTimestamp());
            return (cluster.Status is null && waited < _second)
                || (waited < _maxWait && Others(cluster).Any(other => IsOlder(other, cluster) && IsUnknown(other)));
        }
    }

    /// <summary>The oldest of the Clusters that lead to a cluster and come before this one; null if there is none.</summary>
    public string? FindOlderDuplicate(Cluster cluster, string identity)
    {
        lock (_lock)
        {
            return OlderTwinLocked(cluster, identity);
        }
    }

    /// <summary>Whether any other Cluster, older or younger, leads to a cluster.</summary>
    public bool HasDuplicate(Cluster cluster, string identity)
    {
        lock (_lock)
        {
            return Others(cluster).Any(other => other.Metadata.DeletionTimestamp is null && IdentityOf(other) == identity);
        }
    }

    /// <summary>
    /// Adds a member that has not been started, with all that is declared for it, unless an older Cluster leads to the same cluster.
    /// </summary>
    public AddMemberResult Add(MemberCluster member, Cluster cluster, string? identity)
    {
        lock (_lock)
        {
            if (!_isOpen)
            {
                return new AddMemberResult(IsAdded: false, FindOlderDuplicate: null, Evicted: null);
            }

            if (identity is not null && OlderTwinLocked(cluster, identity) is { } older)
            {
                return new AddMemberResult(IsAdded: false, older, Evicted: null);
            }

            var twin = identity is null
                ? null
                : Running().FirstOrDefault(other => other.Name != member.Name && IdentityOf(other) == identity);
            if (twin is not null)
            {
                StateOf(twin.Name).Running = null;
            }

            StateOf(member.Name).Running = member;
            Fill(member);
            return new AddMemberResult(IsAdded: true, FindOlderDuplicate: null, twin);
        }
    }

    /// <summary>Ends the work in a member; what is in force there stays.</summary>
    public async Task StopAsync(string name)
    {
        MemberCluster? member = null;
        Update(name, state =>
        {
            member = state.Running;
            state.Running = null;
            return true;
        });
        if (member is not null)
        {
            await member.DisposeAsync();
        }
    }

    /// <summary>A paused Cluster connects to no cluster, so another one may.</summary>
    public void ForgetIdentity(string name) => Update(name, static state =>
    {
        state.Identity = null;
        state.WaitingSince = null;
        return state.IsChecked = false;
    });

    /// <summary>Removes the state of a deleted Cluster. Stop its member first.</summary>
    public void Remove(string name)
    {
        lock (_lock)
        {
            _states.Remove(name);
        }
    }

    /// <summary>Clears the state of an earlier leader term.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _states.Clear();
        }
    }

    private string? OlderTwinLocked(Cluster cluster, string identity) => Others(cluster)
        .Where(other => IsOlder(other, cluster) && IdentityOf(other) == identity)
        .OrderBy(other => other, _byAge)
        .FirstOrDefault()?.Metadata.Name;

    // Paused Clusters are ignored.
    private IEnumerable<Cluster> Others(Cluster cluster) =>
        declarations.Clusters.Store.List().Where(other => other.Metadata.Name != cluster.Metadata.Name && other.Spec.Paused != true);

    private static bool IsOlder(Cluster one, Cluster other) => _byAge.Compare(one, other) < 0;

    // The identity from this leader term, or else from the status.
    private string? IdentityOf(Cluster cluster) => _states.GetValueOrDefault(cluster.Metadata.Name!)?.Identity ?? cluster.Status?.Identity;

    private bool IsUnknown(Cluster cluster) =>
        cluster.Metadata.DeletionTimestamp is null
            && IdentityOf(cluster) is null
            && _states.GetValueOrDefault(cluster.Metadata.Name!)?.IsChecked != true;

    private static string? IdentityOf(MemberCluster member) => member.Uid is { } uid ? Installation.ComputeClusterIdentity(uid) : null;

    private IEnumerable<MemberCluster> Running() => _states.Values.Select(state => state.Running).OfType<MemberCluster>();

    private MemberState StateOf(string name)
    {
        if (!_states.TryGetValue(name, out var state))
        {
            _states[name] = state = new MemberState();
        }

        return state;
    }

    private T? Read<T>(string name, Func<MemberState, T?> read)
        where T : class
    {
        lock (_lock)
        {
            return _states.TryGetValue(name, out var state) ? read(state) : null;
        }
    }

    private T Update<T>(string name, Func<MemberState, T> update)
    {
        lock (_lock)
        {
            return update(StateOf(name));
        }
    }

    private List<MemberCluster> SetOpen(bool isOpen)
    {
        lock (_lock)
        {
            var ended = Running().ToList();
            _isOpen = isOpen;
            _states.Clear();
            return ended;
        }
    }

    private void Fill(MemberCluster member)
    {
        Fill(member.Intents, declarations.Intents.Store, intents => IsMeant(intents.Parse().Clusters, member));
        Fill(
            member.Protections, declarations.Protections.Store, protection => IsMeant(protection.Parse().Clusters, member));
        Fill(member.Enforcements, declarations.Enforcements.Store, static _ => true);
    }

    private static void Fill<TEntity>(FilteredStore<TEntity> selection, IStore<TEntity> all, Func<TEntity, bool> isMeant)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var meant = all.List().Where(isMeant).ToList();
        var keys = meant.Select(entity => NamespacedName.From(entity)).ToHashSet();
        foreach (var key in selection.Store.List().Select(entity => NamespacedName.From(entity)).Where(key => !keys.Contains(key)))
        {
            selection.Remove(key);
        }

        meant.ForEach(selection.Put);
    }

    private void Changed<TEntity>(
        TEntity? old, TEntity? now, Func<MemberCluster, FilteredStore<TEntity>> part, Func<TEntity, MemberCluster, bool> isMeant)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_lock)
        {
            foreach (var member in Running())
            {
                if (now is not null && isMeant(now, member))
                {
                    part(member).Put(now);
                }
                else
                {
                    part(member).Remove(NamespacedName.From((now ?? old)!));
                }
            }
        }
    }

    // Its labels decide which declarations select it.
    private void ClusterChanged(Cluster? old, Cluster? now)
    {
        lock (_lock)
        {
            if (!Changes.HasSameLabels(old, now)
                && _states.GetValueOrDefault((now ?? old)!.Metadata.Name!)?.Running is { } member)
            {
                Fill(member);
            }
        }
    }

    private static int CompareAge(Cluster one, Cluster other)
    {
        var age = Nullable.Compare(one.Metadata.CreationTimestamp, other.Metadata.CreationTimestamp);
        var name = age != 0 ? age : string.CompareOrdinal(one.Metadata.Name, other.Metadata.Name);
        return name != 0 ? name : string.CompareOrdinal(one.Metadata.Uid, other.Metadata.Uid);
    }

    private bool IsMeant(ClusterSelection? clusters, MemberCluster member) =>
        ClusterSelectionMatcher.Includes(
            clusters, member.Name, declarations.Clusters.Store.Get(new NamespacedName("", member.Name))?.Metadata.Labels);
}
