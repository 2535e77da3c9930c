using k8s;
using Wayleave.Api;
using Wayleave.Cli.Commands;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Observation.Proposals;

namespace Wayleave.Cli.Maps;

/// <summary>The map of a cluster and what is declared in it, read with the rights of the person who runs the command.</summary>
internal sealed record ClusterMap(
    IReadOnlyList<ObservedIntents> Objects, SeenMap Seen, IReadOnlyList<ClientIntents> Declarations, DeclarationIndex Declared)
{
    private const string HowToTurnOn = "set mapper.enabled=true and sensor.enabled=true in the chart";

    /// <param name="namespace">Null for all.</param>
    /// <param name="selector">Of the map's objects. Null for all.</param>
    public static async Task<ClusterMap> ReadAsync(
        CommandRun run, string? @namespace, string? selector, CancellationToken cancellationToken)
    {
        var objects = await ReadObjectsAsync(run, @namespace, selector, cancellationToken);
        var declarations = await run.ListAsync<ClientIntents>(@namespace, null, cancellationToken);
        var facts = declarations.Exists(MapFacts.AreNeededFor) ? await ReadFactsAsync(run, cancellationToken) : MapFacts.None;
        return new ClusterMap(objects, SeenMap.Read(objects), declarations, new DeclarationIndex(declarations, facts));
    }

    /// <summary>The objects of the map.</summary>
    /// <exception cref="CliException">The kind is not installed.</exception>
    public static async Task<IReadOnlyList<ObservedIntents>> ReadObjectsAsync(
        CommandRun run, string? @namespace, string? selector, CancellationToken cancellationToken)
    {
        try
        {
            return await CommandRun.ListAsync<ObservedIntents>(run.Connection.CliClient, @namespace, selector, cancellationToken);
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            throw new CliException(
                $"the kind ObservedIntents is not installed in this cluster; apply the CRDs of this version, and {HowToTurnOn}");
        }
    }

    /// <summary>Says that there is no map, and how to get one.</summary>
    public static void PrintEmpty(CommandRun run, string? @namespace) => run.Error.WriteLine(Output.TerminalText.Clean(
        $"No calls found{(@namespace is null ? "" : $" in {@namespace} namespace")}. If the network mapper is off, {HowToTurnOn}."));

    private static async Task<MapFacts> ReadFactsAsync(CommandRun run, CancellationToken cancellationToken)
    {
        try
        {
            var services = await run.ListAsync<PartialService>(null, null, cancellationToken);
            List<Workload> workloads =
            [
                .. (await run.ListAsync<PartialDeployment>(null, null, cancellationToken)).Select(Workload.From),
                .. (await run.ListAsync<PartialStatefulSet>(null, null, cancellationToken)).Select(Workload.From),
                .. (await run.ListAsync<PartialDaemonSet>(null, null, cancellationToken)).Select(Workload.From),
                .. (await ListCronJobsAsync(run, cancellationToken)).Select(Workload.From),
                .. (await run.ListAsync<PartialJob>(null, null, cancellationToken)).Select(Workload.From),
            ];
            return new MapFacts(workloads, services);
        }
        catch (KubernetesException error) when (error.IsForbidden)
        {
            await run.Error.WriteLineAsync(
                "Note: you may not list Services and workloads of all namespaces; targets by Service, label or port name are compared by name only.");
            return MapFacts.None;
        }
    }

    // API servers before Kubernetes 1.21 serve none in v1.
    private static async Task<List<PartialCronJob>> ListCronJobsAsync(CommandRun run, CancellationToken cancellationToken) =>
        await run.Connection.Client.IsServedAsync<PartialCronJob>(cancellationToken)
            ? await run.ListAsync<PartialCronJob>(null, null, cancellationToken)
            : [];
}
