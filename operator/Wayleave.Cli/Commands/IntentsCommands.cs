using System.CommandLine;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Output;

namespace Wayleave.Cli.Commands;

/// <summary><c>intents list</c> and <c>intents get</c>.</summary>
internal static class IntentsCommands
{
    private const string Resource = "clientintents.wayleave.dev";

    public static Command List(CliEnvironment environment, CommonOptions options)
    {
        var output = CommonOptions.OutputOfObjects();
        var command = new Command("list", "Lists ClientIntents with their status.")
        {
            options.AllNamespaces, options.Selector, output, options.NoHeaders,
        };
        command.SetAction(CommandRun.Action(environment, options, async (run, token) =>
        {
            var format = run.Get(output)!;
            var all = await run.ListAsync<ClientIntents>(run.ListedNamespace, run.Get(options.Selector), token);
            if (format is OutputFormat.Table or OutputFormat.Wide)
            {
                run.Print(TableOf(all, run, format == OutputFormat.Wide), run.ListedNamespace);
            }
            else
            {
                run.Print(all, isList: true, format);
            }

            return ExitCodes.Success;
        }));
        return command;
    }

    public static Command Get(CliEnvironment environment, CommonOptions options)
    {
        var name = new Argument<string>("name") { Description = "Name of the ClientIntents." };
        var output = CommonOptions.OutputOfObjects();
        var command = new Command("get", "Shows a ClientIntents: the state of each of its targets.") { name, output, options.NoHeaders };
        command.SetAction(CommandRun.Action(environment, options, async (run, token) =>
        {
            var format = run.Get(output)!;
            var intents = await run.GetAsync<ClientIntents>(run.Get(name), run.Namespace, Resource, token);
            if (format is OutputFormat.Table or OutputFormat.Wide)
            {
                PrintTargets(intents, run, format == OutputFormat.Wide);
            }
            else
            {
                run.Print([intents], isList: false, format);
            }

            return ExitCodes.Success;
        }));
        return command;
    }

    private static Table TableOf(IReadOnlyList<ClientIntents> all, CommandRun run, bool isWide)
    {
        var hasNamespace = run.ListedNamespace is null;
        string[] headers = ["NAME", "CLIENT", "READY", "REASON", "ENFORCED", "AGE"];
        headers = isWide ? [.. headers, "MESSAGE"] : headers;
        var table = new Table(hasNamespace ? ["NAMESPACE", .. headers] : headers);
        foreach (var intents in all)
        {
            var ready = Ready(intents.Status?.Conditions);
            List<Cell> cells =
            [
                intents.Metadata.Name, intents.Spec.Workload.Name, new Cell(ready?.Status, Palette.ForState(ready?.Status)), ready?.Reason,
                intents.Status?.Enforced, Age.Format(intents.Metadata.CreationTimestamp, run.Now),
            ];
            if (isWide)
            {
                cells.Add(ready?.Message);
            }

            table.Add(hasNamespace ? [intents.Metadata.NamespaceProperty, .. cells] : cells);
        }

        return table;
    }

    private static void PrintTargets(ClientIntents intents, CommandRun run, bool isWide)
    {
        var table = isWide ? new Table("TARGET", "TYPE", "STATE", "REASON", "ADDRESSES", "MESSAGE") : new Table("TARGET", "TYPE", "STATE", "REASON", "MESSAGE");
        foreach (var target in intents.Status?.Targets ?? [])
        {
            List<Cell> cells = [target.Name, target.Type, new Cell(target.State, Palette.ForState(target.State)), target.Reason];
            table.Add([.. cells, .. isWide ? [new Cell(string.Join(",", target.Addresses ?? []))] : Array.Empty<Cell>(), target.Message]);
        }

        if (table.Count == 0)
        {
            run.Error.WriteLine($"The operator has not written a status of clientintents/{TerminalText.Clean(intents.Metadata.Name)} yet.");
            return;
        }

        if (intents.Status?.ObservedGeneration != intents.Metadata.Generation)
        {
            run.Error.WriteLine("Note: the status is out of date: the operator has not processed the latest change.");
        }

        run.Print(table, run.Namespace);
    }

    internal static V1Condition? Ready(IEnumerable<V1Condition>? conditions) =>
        conditions?.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready);
}
