using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Controllers;
using Wayleave.Kubernetes.Informers;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Clusters;

/// <summary>
/// The member clusters that are worked in, and what is declared for each of them. They are there only while this process leads: they end
/// with the controllers. Safe for any number of threads.
/// </summary>
internal sealed class MemberSet(DeclarationCache declarations) : IController
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Member> _members = new(StringComparer.Ordinal);
    private bool _isOpen;

    public string Name => "members";

    /// <summary>Registers with the declarations. Call once, before they are read.</summary>
    public void Attach()
    {
        declarations.Intents.AddHandler((old, now) => Changed(old, now, member => member.Intents, (intents, member) => IsMeant(intents.Spec.Clusters, member)));
        declarations.Protections.AddHandler((old, now) => Changed(old, now, member => member.Protections, (protection, member) => IsMeant(protection.Spec.Clusters, member)));
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

    public Member? Of(string name)
    {
        lock (_lock)
        {
            return _members.GetValueOrDefault(name);
        }
    }

    /// <summary>The name of another member that leads to the same cluster; null if there is none.</summary>
    public string? Twin(string name, string uid)
    {
        lock (_lock)
        {
            return _members.Values.FirstOrDefault(member => member.Name != name && member.Uid == uid)?.Name;
        }
    }

    /// <summary>Adds a member that has not been started, with all that is declared for it. False when there are to be none any more.</summary>
    public bool Add(Member member)
    {
        lock (_lock)
        {
            if (!_isOpen)
            {
                return false;
            }

            _members.Add(member.Name, member);
            Fill(member);
            return true;
        }
    }

    /// <summary>Ends the work in a member; what is in force there stays.</summary>
    public async Task StopAsync(string name)
    {
        Member? member;
        lock (_lock)
        {
            _members.Remove(name, out member);
        }

        if (member is not null)
        {
            await member.DisposeAsync();
        }
    }

    /// <summary>The labels of a member may have changed, and with them what is meant for it.</summary>
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

    private List<Member> SetOpen(bool isOpen)
    {
        lock (_lock)
        {
            var ended = _members.Values.ToList();
            _isOpen = isOpen;
            _members.Clear();
            return ended;
        }
    }

    private void Fill(Member member)
    {
        Fill(member.Intents, declarations.Intents.Store, intents => IsMeant(intents.Spec.Clusters, member));
        Fill(member.Protections, declarations.Protections.Store, protection => IsMeant(protection.Spec.Clusters, member));
        Fill(member.Enforcements, declarations.Enforcements.Store, static _ => true);
    }

    private static void Fill<TEntity>(EntitySelection<TEntity> selection, IStore<TEntity> all, Func<TEntity, bool> isMeant)
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

    private void Changed<TEntity>(TEntity? old, TEntity? now, Func<Member, EntitySelection<TEntity>> part, Func<TEntity, Member, bool> isMeant)
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

    private bool IsMeant(ClusterSelection? clusters, Member member) =>
        ClusterRules.Includes(clusters, member.Name, declarations.Clusters.Store.Get(new NamespacedName("", member.Name))?.Metadata.Labels);
}
