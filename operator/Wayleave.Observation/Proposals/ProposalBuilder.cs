using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Targets;
using Wayleave.Observation.Maps;

namespace Wayleave.Observation.Proposals;

/// <summary>Makes ClientIntents of the map. Pure: the same map gives the same text.</summary>
/// <param name="map">The whole map, so that the names of objects do not depend on the filter.</param>
/// <param name="existing">The ClientIntents of the cluster.</param>
internal sealed class ProposalBuilder(SeenMap map, IReadOnlyList<ClientIntents> existing)
{
    private const int MaxTargets = 1000;
    private const int HashLength = 8;

    private readonly ILookup<(string Namespace, string Name), SeenClient> _byName =
        map.Clients.ToLookup(client => (client.Id.Namespace, client.Id.Name));

    private readonly ILookup<(string? Namespace, string? Name), ClientIntents> _existing =
        existing.ToLookup(intents => ((string?)intents.Metadata.NamespaceProperty, (string?)intents.Metadata.Name));

    /// <summary>One proposal for each workload with calls that the filter includes, in order.</summary>
    public IReadOnlyList<Proposal> Build(CallFilter filter) =>
        [.. map.Clients.Select(client => Build(client, [.. client.Calls.Where(filter.Includes)], null)).OfType<Proposal>()];

    /// <summary>
    /// Proposals with what is missing alone. A workload that has a ClientIntents gets it back with the missing targets at the end.
    /// </summary>
    public IReadOnlyList<Proposal> BuildMissing(CallFilter filter, DeclarationIndex declared) =>
    [
        .. map.Clients.Select(client => Build(
            client,
            [.. client.Calls.Where(call => filter.Includes(call) && !declared.IsDeclared(call))],
            FindExisting(client.Id))).OfType<Proposal>(),
    ];

    private static Proposal? Build(SeenClient client, string name, IReadOnlyList<SeenCall> calls, ClientIntents? existing)
    {
        var leftOut = new List<LeftOutCall>();
        var valid = new List<SeenCall>();
        foreach (var call in calls)
        {
            if (FindRefusal(call) is { } reason)
            {
                leftOut.Add(new LeftOutCall(call, reason));
            }
            else
            {
                valid.Add(call);
            }
        }

        var room = MaxTargets - (existing?.Spec.Targets.Count ?? 0);
        List<ProposedTarget> targets = [.. TargetGrouping.Group(client.Id, valid)];
        leftOut.AddRange(targets.Skip(room).SelectMany(target => target.Calls)
            .Select(call => new LeftOutCall(call, $"a ClientIntents has at most {MaxTargets} targets")));
        return targets.Count == 0 && leftOut.Count == 0
            ? null
            : new Proposal(client.Id, name, client.Since, [.. targets.Take(room)], leftOut) { Existing = existing };
    }

    private Proposal? Build(SeenClient client, IReadOnlyList<SeenCall> calls, ClientIntents? known) =>
        calls.Count == 0 ? null : Build(client, known?.Metadata.Name ?? ChooseName(client.Id), calls, known);

    // By the parser of the operator, which also refuses what the schema of the map allows.
    private static string? FindRefusal(SeenCall call)
    {
        var parsed = new ClientIntents
        {
            Metadata = new V1ObjectMeta { Name = "proposal", NamespaceProperty = call.Client.Namespace },
            Spec = new ClientIntentsSpec
            {
                Workload = new WorkloadRef { Name = call.Client.Name, Kind = call.Client.Kind },
                Targets = [call.Call.Target],
            },
        }.Parse();
        return parsed.Error?.Message
            ?? parsed.Targets.Select(target => target.Result).FirstOrDefault(result => result?.State == TargetStateNames.Failed)?.Message;
    }

    // An object without a kind is of one workload only if no other has the name: two proposals must not be of the same object.
    private ClientIntents? FindExisting(WorkloadId client) => existing
        .Where(intents => DeclarationIndex.IsInForce(intents) && IsOf(intents, client)
            && (intents.Spec.Workload.Kind is not null || _byName[(client.Namespace, client.Name)].Count() == 1))
        .MinBy(intents => intents.Metadata.Name, StringComparer.Ordinal);

    // The workload's name, as people choose it, unless it is another's.
    private string ChooseName(WorkloadId client)
    {
        var isTaken = _byName[(client.Namespace, client.Name)].Count() > 1
            || _existing[(client.Namespace, client.Name)].Any(intents => !IsOf(intents, client));
        return ObjectNames.Shorten(isTaken ? $"{client.Kind.ToLowerInvariant()}-{client.Name}" : client.Name, HashLength);
    }

    private static bool IsOf(ClientIntents intents, WorkloadId client) => intents.Parse().Client is { Selector: null } declared
        && new WorkloadId(declared.Namespace, intents.Spec.Workload.Kind ?? "", declared.Name).CanBe(client);
}
