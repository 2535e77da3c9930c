using System.CommandLine;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Output;

namespace Wayleave.Cli.Commands;

/// <summary><c>intents list</c> and <c>intents get</c>.</summary>
internal static class IntentsCommands
{
    public static Command List(CommonOptions options)
    {
        var output = CommonOptions.OutputOfObjects();
        IReadOnlyList<Symbol> symbols = [options.AllNamespaces, options.Selector, output, options.NoHeaders];
        return options.CreateCommand("list", "Lists ClientIntents with their status.", symbols, async (run, token) =>
        {
            var all = await run.ListAsync<ClientIntents>(run.ListedNamespace, run.Get(options.Selector), token);
            run.Print(all, isList: true, run.Get(output)!, isWide => PrintList(run, all, isWide));
            return ExitCodes.Success;
        });
    }

    public static Command Get(CommonOptions options)
    {
        var name = new Argument<string>("name") { Description = "Name of the ClientIntents." };
        var output = CommonOptions.OutputOfObjects();
        IReadOnlyList<Symbol> symbols = [name, output, options.NoHeaders];
        return options.CreateCommand("get", "Shows a ClientIntents: the state of each of its targets.", symbols, async (run, token) =>
        {
            var intents = await run.GetAsync<ClientIntents>(run.Get(name), run.Namespace, token);
            run.Print([intents], isList: false, run.Get(output)!, isWide => PrintTargets(run, intents, isWide));
            return ExitCodes.Success;
        });
    }

    internal static V1Condition? Ready(IEnumerable<V1Condition>? conditions) =>
        conditions?.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready);

    private static void PrintList(CommandRun run, IReadOnlyList<ClientIntents> all, bool isWide)
    {
        var table = Table.Create(
            all.Select(intents => (Object: intents, Ready: Ready(intents.Status?.Conditions))),
            new("NAMESPACE", intents => intents.Object.Metadata.NamespaceProperty, run.ListedNamespace is null),
            new("NAME", intents => intents.Object.Metadata.Name),
            new("CLIENT", intents => intents.Object.Spec.Workload.Name),
            new("READY", intents => Cell.ForState(intents.Ready?.Status)),
            new("REASON", intents => intents.Ready?.Reason),
            new("ENFORCED", intents => intents.Object.Status?.Enforced),
            new("AGE", intents => Age.Format(intents.Object.Metadata.CreationTimestamp, run.Now)),
            new("MESSAGE", intents => intents.Ready?.Message, isWide));
        run.Print(table, run.ListedNamespace);
    }

    private static void PrintTargets(CommandRun run, ClientIntents intents, bool isWide)
    {
        var targets = intents.Status?.Targets ?? [];
        if (targets.Count == 0)
        {
            run.Error.WriteLine($"The operator has not written a status of clientintents/{TerminalText.Clean(intents.Metadata.Name)} yet.");
            return;
        }

        if (intents.Status?.ObservedGeneration != intents.Metadata.Generation)
        {
            run.Error.WriteLine("Note: the status is out of date: the operator has not processed the latest change.");
        }

        run.Print(Table.Create(
            targets,
            new("TARGET", target => target.Name),
            new("TYPE", target => target.Type),
            new("STATE", target => Cell.ForState(target.State)),
            new("REASON", target => target.Reason),
            new("ADDRESSES", target => string.Join(",", target.Addresses ?? []), isWide),
            new("MESSAGE", target => target.Message)));
    }
}
