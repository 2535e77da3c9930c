using System.CommandLine;
using System.Globalization;
using Wayleave.Api;
using Wayleave.Cli.Output;

namespace Wayleave.Cli.Commands;

/// <summary><c>clusters list</c> and <c>clusters get</c>.</summary>
internal static class ClustersCommands
{
    public static Command List(CommonOptions options)
    {
        var output = CommonOptions.OutputOfObjects();
        return options.CreateCommand(
            "list", "Lists member clusters with their status.", [options.Selector, output, options.NoHeaders], async (run, token) =>
            {
                var all = await run.ListAsync<Cluster>(null, run.Get(options.Selector), token);
                run.Print(all, isList: true, run.Get(output)!, isWide => Print(run, all, isWide));
                return ExitCodes.Success;
            });
    }

    public static Command Get(CommonOptions options)
    {
        var name = new Argument<string>("name") { Description = "Name of the Cluster." };
        var output = CommonOptions.OutputOfObjects();
        return options.CreateCommand("get", "Shows a member cluster.", [name, output, options.NoHeaders], async (run, token) =>
        {
            var cluster = await run.GetAsync<Cluster>(run.Get(name), null, token);
            run.Print([cluster], isList: false, run.Get(output)!, isWide => Print(run, [cluster], isWide));
            return ExitCodes.Success;
        });
    }

    private static void Print(CommandRun run, IReadOnlyList<Cluster> clusters, bool isWide) => run.Print(Table.Create(
        clusters.Select(cluster => (Object: cluster, cluster.Status, Ready: IntentsCommands.Ready(cluster.Status?.Conditions))),
        new("NAME", cluster => cluster.Object.Metadata.Name),
        new("VERSION", cluster => cluster.Status?.KubernetesVersion),
        new("INTENTS", cluster => Text(cluster.Status?.Intents)),
        new("POLICIES", cluster => Text(cluster.Status?.Policies)),
        new("READY", cluster => Cell.ForState(cluster.Ready?.Status)),
        new("REASON", cluster => cluster.Ready?.Reason),
        new("AGE", cluster => Age.Format(cluster.Object.Metadata.CreationTimestamp, run.Now)),
        new("MESSAGE", cluster => cluster.Ready?.Message, isWide)));

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
