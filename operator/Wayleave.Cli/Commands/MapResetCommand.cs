using System.CommandLine;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Maps;
using Wayleave.Cli.Output;
using Wayleave.Observation.Proposals;

namespace Wayleave.Cli.Commands;

/// <summary><c>map reset</c>.</summary>
internal static class MapResetCommand
{
    public static Command Create(CommonOptions options)
    {
        var map = new MapFilterOptions();
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask for confirmation. Required if there is no terminal." };
        return options.CreateCommand(
            "reset",
            "Deletes what the network mapper has seen. The mapper starts again with the next call. This is the only command that changes the cluster.",
            [options.AllNamespaces, map.Client, yes],
            async (run, token) =>
            {
                var @namespace = map.ReadNamespace(run);
                var client = map.ReadClient(run);
                List<ObservedIntents> found =
                [
                    .. (await ClusterMap.ReadObjectsAsync(run, @namespace, null, token))
                        .Where(one => client is not { } name || MapFilterOptions.IsNamed(name, IdOf(one))),
                ];
                if (found.Count == 0)
                {
                    ClusterMap.PrintEmpty(run, @namespace);
                    return ExitCodes.Success;
                }

                if (!run.Get(yes) && !Confirm(run, found, @namespace))
                {
                    run.Error.WriteLine("Nothing was deleted.");
                    return ExitCodes.Success;
                }

                await DeleteAsync(run, found, token);
                return ExitCodes.Success;
            },
            mayWrite: true);
    }

    private static WorkloadId IdOf(ObservedIntents one) =>
        new(one.Metadata.NamespaceProperty ?? "", one.Workload?.Kind ?? "", one.Workload?.Name ?? "");

    private static bool Confirm(CommandRun run, List<ObservedIntents> found, string? @namespace)
    {
        if (!run.Environment.IsInputTerminal || !run.Environment.IsErrorTerminal)
        {
            throw new CliException("map reset asks for confirmation, and there is no terminal; use --yes", ExitCodes.BadUsage);
        }

        var workloads = found.Count == 1 ? IdOf(found[0]).ToString() : $"{found.Count} workloads";
        var where = @namespace is null ? "in all namespaces" : $"in namespace {@namespace}";
        run.Error.Write(TerminalText.Clean($"Delete the calls of {workloads} {where}? They are not kept anywhere else. [y/N] "));
        run.Error.Flush();
        return run.Environment.Input.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    private static async Task DeleteAsync(CommandRun run, List<ObservedIntents> found, CancellationToken cancellationToken)
    {
        foreach (var one in found)
        {
            // With the UID, so that an object that the mapper has written since is kept.
            var preconditions = one.Metadata.Uid is { } uid ? new V1Preconditions { Uid = uid } : null;
            var (name, @namespace) = (one.Metadata.Name, one.Metadata.NamespaceProperty);
            if (await run.Connection.CliClient.DeleteAsync<ObservedIntents>(name, @namespace, preconditions, cancellationToken))
            {
                run.Output.WriteLine(TerminalText.Clean($"observedintents.wayleave.dev/{name} deleted from namespace {@namespace}"));
            }
        }
    }
}
