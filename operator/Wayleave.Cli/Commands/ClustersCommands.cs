using System.CommandLine;
using System.Globalization;
using Wayleave.Api;
using Wayleave.Cli.Output;

namespace Wayleave.Cli.Commands;

/// <summary><c>clusters list</c> and <c>clusters get</c>.</summary>
internal static class ClustersCommands
{
    private const string Resource = "clusters.wayleave.dev";

    public static Command List(CliEnvironment environment, CommonOptions options)
    {
        var output = CommonOptions.OutputOfObjects();
        var command = new Command("list", "Lists member clusters with their status.") { options.Selector, output, options.NoHeaders };
        command.SetAction(CommandRun.Action(environment, options, async (run, token) =>
        {
            var all = await run.ListAsync<Cluster>(null, run.Get(options.Selector), token);
            Print(all, isList: true, run, run.Get(output)!);
            return ExitCodes.Success;
        }));
        return command;
    }

    public static Command Get(CliEnvironment environment, CommonOptions options)
    {
        var name = new Argument<string>("name") { Description = "Name of the Cluster." };
        var output = CommonOptions.OutputOfObjects();
        var command = new Command("get", "Shows a member cluster.") { name, output, options.NoHeaders };
        command.SetAction(CommandRun.Action(environment, options, async (run, token) =>
        {
            Print([await run.GetAsync<Cluster>(run.Get(name), null, Resource, token)], isList: false, run, run.Get(output)!);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static void Print(IReadOnlyList<Cluster> clusters, bool isList, CommandRun run, string format)
    {
        if (format is not (OutputFormat.Table or OutputFormat.Wide))
        {
            run.Print(clusters, isList, format);
            return;
        }

        string[] headers = ["NAME", "VERSION", "INTENTS", "POLICIES", "READY", "REASON", "AGE"];
        var isWide = format == OutputFormat.Wide;
        var table = new Table(isWide ? [.. headers, "MESSAGE"] : headers);
        foreach (var cluster in clusters)
        {
            var ready = IntentsCommands.Ready(cluster.Status?.Conditions);
            List<Cell> cells =
            [
                cluster.Metadata.Name, cluster.Status?.KubernetesVersion, Text(cluster.Status?.Intents), Text(cluster.Status?.Policies),
                new Cell(ready?.Status, Palette.ForState(ready?.Status)), ready?.Reason,
                Age.Format(cluster.Metadata.CreationTimestamp, run.Now),
            ];
            table.Add(isWide ? [.. cells, ready?.Message] : cells);
        }

        run.Print(table, listedNamespace: null, isNamespaced: false);
    }

    private static string? Text(int? number) => number?.ToString(CultureInfo.InvariantCulture);
}
