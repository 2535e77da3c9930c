using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Targets;
using Wayleave.Operator.Observing;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Domains;

/// <summary>
/// Enqueues the policies of clients whose Pods got new answers from DNS for a declared domain. Runs on the informer's task, so it only
/// reads indexes and adds to queues.
/// </summary>
internal sealed class ObservedAnswerEventHandler(ObservedCallReader observed, AffectedPolicyEnqueuer affected, PolicyQueues queues)
{
    // Answers that arrive together are written together.
    private static readonly TimeSpan _batching = TimeSpan.FromMilliseconds(100);

    /// <summary>Registers with the map, if it is read. Call once, before the informers run.</summary>
    public void Attach() => observed.AddHandler(ObservedChanged, affected.EnqueueForDomains);

    private void ObservedChanged(ObservedIntents? old, ObservedIntents? now)
    {
        var changed = FindChangedNames(old, now);
        foreach (var intents in changed.Count == 0 ? [] : observed.FindDeclarations((now ?? old)!))
        {
            if (intents.Parse() is { ClientKey: { } client } parsed
                && parsed.Domains.Any(domain => changed.Exists(name => DomainPattern.Includes(domain, name))))
            {
                queues.Policies.AddAfter(client, _batching);
            }
        }
    }

    // An object that was written again under another UID counts as changed: what it has not learned again stays open.
    private static List<string> FindChangedNames(ObservedIntents? old, ObservedIntents? now)
    {
        var (before, after) = (ReadNames(old), ReadNames(now));
        var isSame = old?.Metadata.Uid == now?.Metadata.Uid;
        return
        [
            .. before.Keys.Union(after.Keys, StringComparer.Ordinal).Where(name => !isSame
                || !before.TryGetValue(name, out var one) || !after.TryGetValue(name, out var other) || !one.SetEquals(other)),
        ];
    }

    private static Dictionary<string, HashSet<string>> ReadNames(ObservedIntents? entry)
    {
        var names = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach (var (name, addresses) in entry is null ? [] : SeenAnswers.NamesOf(entry))
        {
            if (!names.TryGetValue(name, out var known))
            {
                names[name] = known = new HashSet<string>(StringComparer.Ordinal);
            }

            known.UnionWith(addresses);
        }

        return names;
    }
}
