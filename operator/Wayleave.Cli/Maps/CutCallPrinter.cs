using k8s;
using k8s.Models;
using Wayleave.Cli.Commands;
using Wayleave.Cli.Output;
using Wayleave.Cli.Planning;
using Wayleave.Kubernetes.Client;
using Wayleave.Observation.Proposals;

namespace Wayleave.Cli.Maps;

/// <summary>Prints the seen calls that policies would cut.</summary>
internal static class CutCallPrinter
{
    /// <summary>For the preview of files: the calls that are allowed now, and not after the apply.</summary>
    public static async Task PrintNewAsync(
        CommandRun run, PolicyForecast now, PolicyForecast then, string format, CancellationToken cancellationToken)
    {
        if (await ReadMapAsync(run, cancellationToken) is not { Clients.Count: > 0 } seen)
        {
            return;
        }

        var policies = await run.ListAsync<V1NetworkPolicy>(null, null, cancellationToken);
        IReadOnlyList<CutCall> FindNew(bool isEnforced)
        {
            var before = new SeenCallEvaluator(now.Snapshot, SeenCallEvaluator.Apply(policies, now, isEnforced)).FindCut(seen.Calls);
            var known = before.Select(cut => cut.Call).ToHashSet();
            var after = new SeenCallEvaluator(then.Snapshot, SeenCallEvaluator.Apply(policies, then, isEnforced)).FindCut(seen.Calls);
            return [.. after.Where(cut => !known.Contains(cut.Call))];
        }

        var cut = FindNew(isEnforced: false);
        var found = cut.Select(one => one.Call).ToHashSet();
        Print(run, "Seen calls that would be cut", cut, format);
        Print(
            run, "Seen calls that would be cut if the mode were Enforce", [.. FindNew(isEnforced: true).Where(one => !found.Contains(one.Call))],
            format);
    }

    /// <summary>A table, or for other formats a note.</summary>
    public static void Print(CommandRun run, string title, IReadOnlyList<CutCall> cut, string format)
    {
        if (cut.Count == 0)
        {
            return;
        }

        if (format != OutputFormat.Table)
        {
            run.Error.WriteLine($"Note: {title}: {cut.Count}; use -o table to see them.");
            return;
        }

        run.Output.WriteLine(run.Palette.Paint($"{title}:", Color.Red));
        var table = new Table("CLIENT", "TARGET", "PORTS", "LAST", "REASON");
        foreach (var one in cut)
        {
            table.Add(
                one.Call.Client.ToString(), one.Call.TargetName, one.Call.PortText, Age.Format(one.Call.Call.Last, run.Now), one.Reason);
        }

        table.Print(run.Output, run.Palette);
        run.Output.WriteLine();
    }

    // The preview is of use without the map, and to a person who may not read it.
    private static async Task<SeenMap?> ReadMapAsync(CommandRun run, CancellationToken cancellationToken)
    {
        try
        {
            return SeenMap.Read(await CommandRun.ListAsync<Api.ObservedIntents>(run.Connection.CliClient, null, null, cancellationToken));
        }
        catch (KubernetesException error) when (error.IsForbidden)
        {
            await run.Error.WriteLineAsync("Note: seen calls are not compared: you may not list ObservedIntents in all namespaces.");
            return null;
        }
        catch (KubernetesException error) when (error.IsNotFound)
        {
            // There is no mapper in this cluster.
            return null;
        }
    }
}
