using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Informers;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Clusters;

/// <summary>What came of adding a member.</summary>
/// <param name="IsAdded">False when another Cluster leads to the same cluster, or when there are to be no members any more.</param>
/// <param name="OlderTwin">The Cluster that leads to the same cluster and comes before; null if there is none.</param>
/// <param name="Evicted">The member that made room: its Cluster leads to the same cluster and is younger. It is to be disposed; null if there is none.</param>
internal readonly record struct AddMemberResult(bool IsAdded, string? OlderTwin, MemberCluster? Evicted);

/// <summary>
/// The member clusters that are worked in, and what is declared for each of them. They are there only while this process leads: they end
/// with the controllers. Of the Clusters that lead to the same cluster only the oldest has a member. Thread-safe.
/// </summary>
internal sealed class MemberClusterManager(DeclarationCache declarations, TimeProvider time) : IController
{
    // An older Cluster that does not answer holds up the younger ones for no longer than this.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    private static readonly Comparer<Cluster> _byAge = Comparer<Cluster>.Create(CompareAge);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, MemberCluster> _members = new(StringComparer.Ordinal);

    // The cluster that each Cluster connects to, as found in this leader term. Null if unknown.
    private readonly Dictionary<string, string?> _identities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _waiting = new(StringComparer.Ordinal);
    private bool _isOpen;

    public string Name => "members";

    /// <summary>Registers with the declarations. Call once, before they are read.</summary>
    public void Attach()
    {
        declarations.Intents.AddHandler((old, now) => Changed(old, now, member => member.Intents, (intents, member) => IsMeant(RetainedDeclarations.Clusters(intents), member)));
        declarations.Protections.AddHandler((old, now) => Changed(old, now, member => member.Protections, (protection, member) => IsMeant(DeclaredProtection.Clusters(protection), member)));
        declarations.Enforcements.AddHandler((old, now) => Changed(old, now, member => member.Enforcements, static (_, _) => true));
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

    public MemberCluster? Of(string name)
    {
        lock (_lock)
        {
            return _members.GetValueOrDefault(name);
        }
    }

    /// <summary>A Cluster was checked.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="identity">The identity of the cluster that it leads to; null if that could not be found out, and what was known stays.</param>
    public void Looked(string name, string? identity)
    {
        lock (_lock)
        {
            _identities[name] = identity ?? _identities.GetValueOrDefault(name);
        }
    }

    /// <summary>
    /// Whether a Cluster has to wait for an older one of which it is not known yet where it leads to: it could be to the same cluster, and then it
    /// is the older one that works there. A new Cluster waits a second in any case: times are in whole seconds, so that one that comes a moment
    /// later may be the older one by its name. Not for long, as the older one may never answer.
    /// </summary>
    public bool MustWaitForOlder(Cluster cluster)
    {
        lock (_lock)
        {
            if (!_waiting.TryGetValue(cluster.Metadata.Name!, out var since))
            {
                _waiting[cluster.Metadata.Name!] = since = time.GetTimestamp();
            }

            var waited = time.GetElapsedTime(since);
            return (cluster.Status is null && waited < _second) || (waited < _patience && Others(cluster).Any(other => IsOlder(other, cluster) && IsUnknown(other)));
        }
    }

    /// <summary>The oldest of the Clusters that lead to a cluster and come before this one; null if there is none.</summary>
    public string? OlderTwin(Cluster cluster, string identity)
    {
        lock (_lock)
        {
            return OlderTwinLocked(cluster, identity);
        }
    }

    /// <summary>Whether any other Cluster, older or younger, leads to a cluster.</summary>
    public bool HasTwin(Cluster cluster, string identity)
    {
        lock (_lock)
        {
            return Others(cluster).Any(other => other.Metadata.DeletionTimestamp is null && IdentityOf(other) == identity);
        }
    }

    /// <summary>Adds a member that has not been started, with all that is declared for it, unless an older Cluster leads to the same cluster.</summary>
    public AddMemberResult Add(MemberCluster member, Cluster cluster, string? identity)
    {
        lock (_lock)
        {
            if (!_isOpen)
            {
                return new AddMemberResult(IsAdded: false, OlderTwin: null, Evicted: null);
            }

            if (identity is not null && OlderTwinLocked(cluster, identity) is { } older)
            {
                return new AddMemberResult(IsAdded: false, older, Evicted: null);
            }

            var twin = identity is null ? null : _members.Values.FirstOrDefault(other => other.Name != member.Name && IdentityOf(other) == identity);
            if (twin is not null)
            {
                _members.Remove(twin.Name);
            }

            _members.Add(member.Name, member);
            Fill(member);
            return new AddMemberResult(IsAdded: true, OlderTwin: null, twin);
        }
    }

    /// <summary>Ends the work in a member; what is in force there stays.</summary>
    public async Task StopAsync(string name)
    {
        MemberCluster? member;
        lock (_lock)
        {
            _members.Remove(name, out member);
        }

        if (member is not null)
        {
            await member.DisposeAsync();
        }
    }

    /// <summary>Forgets a Cluster that is gone, or that does not lead anywhere while it is paused.</summary>
    public void Forget(string name)
    {
        lock (_lock)
        {
            _identities.Remove(name);
            _waiting.Remove(name);
        }
    }

    /// <summary>The labels of a member may have changed, and with them the declarations that select it.</summary>
    public void Refill(string name)
    {
        lock (_lock)
        {
            if (_members.GetValueOrDefault(name) is { } member)
            {
                Fill(member);
            }
        }
    }

    private string? OlderTwinLocked(Cluster cluster, string identity) => Others(cluster)
        .Where(other => IsOlder(other, cluster) && IdentityOf(other) == identity)
        .OrderBy(other => other, _byAge)
        .FirstOrDefault()?.Metadata.Name;

    // A paused one leads nowhere: nothing is done there.
    private IEnumerable<Cluster> Others(Cluster cluster) =>
        declarations.Clusters.Store.List().Where(other => other.Metadata.Name != cluster.Metadata.Name && other.Spec.Paused != true);

    private static bool IsOlder(Cluster one, Cluster other) => _byAge.Compare(one, other) < 0;

    // As it was seen in this term, or else as an earlier one has left it in the status.
    private string? IdentityOf(Cluster cluster) => _identities.GetValueOrDefault(cluster.Metadata.Name!) ?? cluster.Status?.Identity;

    private bool IsUnknown(Cluster cluster) =>
        cluster.Metadata.DeletionTimestamp is null && IdentityOf(cluster) is null && !_identities.ContainsKey(cluster.Metadata.Name!);

    private static string? IdentityOf(MemberCluster member) => member.Uid is { } uid ? Installation.IdentityOf(uid) : null;

    private List<MemberCluster> SetOpen(bool isOpen)
    {
        lock (_lock)
        {
            var ended = _members.Values.ToList();
            _isOpen = isOpen;
            _members.Clear();
            _identities.Clear();
            _waiting.Clear();
            return ended;
        }
    }

    private void Fill(MemberCluster member)
    {
        Fill(member.Intents, declarations.Intents.Store, intents => IsMeant(RetainedDeclarations.Clusters(intents), member));
        Fill(member.Protections, declarations.Protections.Store, protection => IsMeant(DeclaredProtection.Clusters(protection), member));
        Fill(member.Enforcements, declarations.Enforcements.Store, static _ => true);
    }

    private static void Fill<TEntity>(FilteredStore<TEntity> selection, IStore<TEntity> all, Func<TEntity, bool> isMeant)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        var meant = all.List().Where(isMeant).ToList();
        var keys = meant.Select(entity => NamespacedName.Of(entity)).ToHashSet();
        foreach (var key in selection.Store.List().Select(entity => NamespacedName.Of(entity)).Where(key => !keys.Contains(key)))
        {
            selection.Remove(key);
        }

        meant.ForEach(selection.Put);
    }

    private void Changed<TEntity>(TEntity? old, TEntity? now, Func<MemberCluster, FilteredStore<TEntity>> part, Func<TEntity, MemberCluster, bool> isMeant)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        lock (_lock)
        {
            foreach (var member in _members.Values)
            {
                if (now is not null && isMeant(now, member))
                {
                    part(member).Put(now);
                }
                else
                {
                    part(member).Remove(NamespacedName.Of((now ?? old)!));
                }
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
        ClusterSelector.Includes(clusters, member.Name, declarations.Clusters.Store.Get(new NamespacedName("", member.Name))?.Metadata.Labels);
}
