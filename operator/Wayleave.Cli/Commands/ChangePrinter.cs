using System.CommandLine;
using DiffPlex.Renderer;
using Wayleave.Cli.Output;
using Wayleave.Cli.Planning;
using Wayleave.Cli.Reports;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Cli.Commands;

/// <summary>Prints changes of NetworkPolicies as a difference of their YAML.</summary>
internal static class ChangePrinter
{
    public static Option<string> Output() =>
        CommonOptions.Output(OutputFormat.Table, OutputFormat.Json, OutputFormat.Yaml, OutputFormat.Name);

    public static void Print(CommandRun run, IReadOnlyList<PolicyChange> changes, string format)
    {
        switch (format)
        {
            case OutputFormat.Table:
                PrintDifferences(run, changes);
                break;
            case OutputFormat.Name:
                foreach (var change in changes)
                {
                    run.Output.WriteLine($"networkpolicy.networking.k8s.io/{TerminalText.Clean(change.Name.Name)}");
                }

                break;
            default:
                IReadOnlyList<ChangeReport> reports = [.. changes.Select(Report)];
                run.Print(reports, ReportJson.Default.IReadOnlyListChangeReport, format);
                break;
        }
    }

    private static void PrintDifferences(CommandRun run, IReadOnlyList<PolicyChange> changes)
    {
        foreach (var change in changes)
        {
            var headline = $"{GetName(change.Action)} networkpolicy/{change.Name.Name} in namespace {change.Name.Namespace}";
            run.Output.WriteLine(run.Palette.Paint(TerminalText.Clean(headline), Color.Cyan));
            if (change.Action == PolicyAction.Refuse)
            {
                run.Output.WriteLine("It exists and is not managed by this operator. It stays as it is.\n");
                continue;
            }

            PrintDifference(run, PolicyText.Yaml(change.Existing), PolicyText.Yaml(change.Desired));
            run.Output.WriteLine();
        }

        run.Error.WriteLine(changes.Count == 0 ? "No differences." : Summary(changes));
    }

    private static void PrintDifference(CommandRun run, string before, string after)
    {
        // The first two lines name files.
        var difference = UnidiffRenderer.GenerateUnidiff(before.TrimEnd('\n'), after.TrimEnd('\n'), "cluster", "operator");
        foreach (var line in difference.Split('\n').Select(line => line.TrimEnd('\r')).Skip(2).Where(line => line.Length > 0))
        {
            var color = line[0] == '+' ? Color.Green : line[0] == '-' ? Color.Red : Color.None;
            run.Output.WriteLine(run.Palette.Paint(TerminalText.Clean(line), color));
        }
    }

    private static string Summary(IReadOnlyList<PolicyChange> changes)
    {
        var counts = new[] { PolicyAction.Create, PolicyAction.Update, PolicyAction.Delete, PolicyAction.Refuse }
            .Select(action => (Action: action, Count: changes.Count(change => change.Action == action)))
            .Where(count => count.Count > 0)
            .Select(count => count.Action == PolicyAction.Refuse
                ? $"{count.Count} in conflict"
                : $"{count.Count} to {GetName(count.Action)}");
        return $"{string.Join(", ", counts)}.";
    }

    private static ChangeReport Report(PolicyChange change) => new(
        GetName(change.Action),
        change.Name.Namespace,
        change.Name.Name,
        Before: change.Existing?.Spec is null ? null : PolicyText.ToNode(change.Existing),
        After: change.After is null ? null : PolicyText.ToNode(change.After));

    private static string GetName(PolicyAction action) => action switch
    {
        PolicyAction.Create => "create",
        PolicyAction.Delete => "delete",
        PolicyAction.Refuse => "conflict",
        _ => "update",
    };
}
