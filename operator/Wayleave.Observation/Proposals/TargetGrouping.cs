using Wayleave.Api;
using Wayleave.Enforcement.Ports;
using Wayleave.Kubernetes.Models;
using Wayleave.Observation.Maps;

namespace Wayleave.Observation.Proposals;

/// <summary>
/// Groups the calls of a workload to targets: the calls to one server are one target, and so are domains or addresses at the same ports.
/// </summary>
internal static class TargetGrouping
{
    /// <summary>Most items that the schema allows in a list of ports, domains or addresses.</summary>
    private const int MaxItems = 100;

    /// <summary>The targets in order: workloads of the client's namespace, those of others, then domains and addresses.</summary>
    public static IEnumerable<ProposedTarget> Group(WorkloadId client, IReadOnlyList<SeenCall> calls)
    {
        var inCluster = calls.Where(IsPlainWorkload).GroupBy(call => call.Server!.Value)
            .OrderBy(group => group.Key.Namespace != client.Namespace)
            .ThenBy(group => group.Key.Namespace, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Name, StringComparer.Ordinal)
            .ThenBy(group => group.Key.Kind, StringComparer.Ordinal);
        var outside = calls.Where(IsPlainInternet).GroupBy(call => PortKey(call.ParsedPorts))
            .OrderBy(group => group.Key, StringComparer.Ordinal);
        return
        [
            .. inCluster.SelectMany(group => CreateWorkload(client, group.Key, [.. group])),
            .. calls.Where(call => !IsPlainWorkload(call) && !IsPlainInternet(call))
                .Select(call => new ProposedTarget(call.Call.Target, "Other targets", [call])),
            .. outside.SelectMany(group => CreateInternet([.. group])),
        ];
    }

    // Others have more than a name and ports, and stay as they are.
    private static bool IsPlainWorkload(SeenCall call) =>
        call is { Server: not null, Call.Target.Kubernetes: { Selector: null, Http: null } };

    private static bool IsPlainInternet(SeenCall call) => call.Call.Target.Internet is { Except: null };

    private static IEnumerable<ProposedTarget> CreateWorkload(WorkloadId client, WorkloadId server, IReadOnlyList<SeenCall> calls)
    {
        var name = ObjectNames.ToReference(server.Namespace, server.Name, client.Namespace);
        var group = server.Namespace == client.Namespace ? "Workloads of this namespace" : $"Workloads of namespace {server.Namespace}";
        return Chunk(calls.SelectMany(call => call.ParsedPorts)).Select(ports => new ProposedTarget(
            new IntentTarget
            {
                Kubernetes = new KubernetesTarget
                {
                    Name = name,
                    Kind = server.Kind.Length == 0 ? null : server.Kind,
                    Ports = ports,
                },
            },
            group,
            calls));
    }

    private static IEnumerable<ProposedTarget> CreateInternet(IReadOnlyList<SeenCall> calls)
    {
        var ports = Chunk(calls.SelectMany(call => call.ParsedPorts)).ToList();
        var domains = ToLookup(calls, internet => internet.Domains);
        var addresses = ToLookup(calls, internet => internet.Ips);
        return
        [
            .. domains.Select(group => group.Key).Chunk(MaxItems).SelectMany(names => ports.Select(some => new ProposedTarget(
                new IntentTarget { Internet = new InternetTarget { Domains = [.. names], Ports = some } },
                "Domains outside the cluster",
                [.. names.SelectMany(name => domains[name]).Distinct()]))),
            .. addresses.Select(group => group.Key).Chunk(MaxItems).SelectMany(ranges => ports.Select(some => new ProposedTarget(
                new IntentTarget { Internet = new InternetTarget { Ips = [.. ranges], Ports = some } },
                "Addresses outside the cluster",
                [.. ranges.SelectMany(range => addresses[range]).Distinct()]))),
        ];
    }

    private static ILookup<string, SeenCall> ToLookup(IReadOnlyList<SeenCall> calls, Func<InternetTarget, List<string>?> read) => calls
        .SelectMany(call => (read(call.Call.Target.Internet!) ?? []).Select(name => (name, call)))
        .OrderBy(entry => entry.name, StringComparer.Ordinal)
        .ToLookup(entry => entry.name, entry => entry.call, StringComparer.Ordinal);

    // One list without ports, if there are none.
    private static IEnumerable<List<PortNumberOrName>?> Chunk(IEnumerable<DeclaredPort> ports) => Sort(ports)
        .Select(Write)
        .Chunk(MaxItems)
        .Select(some => (List<PortNumberOrName>?)[.. some])
        .DefaultIfEmpty(null);

    private static string PortKey(IEnumerable<DeclaredPort> ports) => string.Join(',', Sort(ports));

    private static IEnumerable<DeclaredPort> Sort(IEnumerable<DeclaredPort> ports) => ports
        .Select(port => port.Protocol == "TCP" ? port with { Protocol = null } : port)
        .Distinct()
        .OrderBy(port => port.First)
        .ThenBy(port => port.Last)
        .ThenBy(port => port.ToString(), StringComparer.Ordinal);

    private static PortNumberOrName Write(DeclaredPort port) =>
        port is { Name: null, Protocol: null, IsRange: false } ? new PortNumberOrName(port.First) : new PortNumberOrName(port.ToString());
}
