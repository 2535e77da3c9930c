using System.CommandLine;
using Wayleave.Api;
using Wayleave.Cli.Maps;
using Wayleave.Cli.Output;
using Wayleave.Observation.Graphs;
using Wayleave.Observation.Proposals;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Cli.Commands;

/// <summary><c>map export</c>.</summary>
internal sealed class MapExportCommand
{
    private const string Csv = "csv";

    private readonly MapFilterOptions _map = new();

    private readonly Option<bool> _merge = new("--merge")
    {
        Description =
            "Write only what is missing. A workload that has a ClientIntents gets that object back, with its name, labels, annotations and targets,"
                + " and the missing targets at the end of spec.targets: apply it to add them. Other workloads get a new object.",
    };

    private readonly Option<string?> _file = CommonOptions.Create<string?>(
        "--file", "FILE", "File to write. Defaults to the standard output.", "-f");

    private readonly Option<string?> _folder = CommonOptions.Create<string?>(
        "--dir", "FOLDER", "Folder to write to, with one file for each workload: NAMESPACE/NAME.yaml, or .json.");

    private readonly Option<string> _format = CommonOptions.Restrict(
        new Option<string>("--format")
        {
            Description = $"yaml or json: ClientIntents. csv: one line for each call. dot or mermaid: a graph, with at most {MermaidWriter.MaxEdges} lines for mermaid.",
            DefaultValueFactory = _ => OutputFormat.Yaml,
        },
        OutputFormat.Yaml, OutputFormat.Json, Csv, GraphFormat.Dot, GraphFormat.Mermaid);

    public static Command Create(CommonOptions options)
    {
        var export = new MapExportCommand();
        return options.CreateCommand(
            "export",
            "Writes ClientIntents for the calls that the network mapper has seen, with one document for each workload that calls. Without"
                + " --include, these are the answered calls of applications, whether they are declared or not.",
            [
                options.AllNamespaces, export._map.Client, export._map.Server, export._map.MinDays, export._map.Undeclared,
                export._map.Include, export._merge, export._file, export._folder, export._format,
            ],
            export.RunAsync);
    }

    private async Task<int> RunAsync(CommandRun run, CancellationToken cancellationToken)
    {
        Check(run);
        var filter = _map.ReadFilter(run);
        var @namespace = _map.ReadNamespace(run);
        var cluster = await ClusterMap.ReadAsync(run, @namespace, null, cancellationToken);
        if (cluster.Seen.Clients.Count == 0)
        {
            ClusterMap.PrintEmpty(run, @namespace);
            return ExitCodes.Success;
        }

        if (run.Get(_map.Undeclared))
        {
            var target = filter.Target;
            filter = filter with { Target = call => target?.Invoke(call) != false && !cluster.Declared.IsDeclared(call) };
        }

        var count = run.Get(_format) is OutputFormat.Yaml or OutputFormat.Json
            ? await WriteProposalsAsync(run, Propose(run, cluster, filter), cancellationToken)
            : await WriteCallsAsync(run, cluster, filter, cancellationToken);
        run.Environment.Usage.Set(UsageCatalog.MapperExport, count);
        return ExitCodes.Success;
    }

    private void Check(CommandRun run)
    {
        var isDocuments = run.Get(_format) is OutputFormat.Yaml or OutputFormat.Json;
        if (run.Get(_folder) is not null && (run.Get(_file) is not null || !isDocuments))
        {
            throw new CliException("--dir is for --format yaml or json, and without --file", ExitCodes.BadUsage);
        }

        if (run.Get(_merge) && !isDocuments)
        {
            throw new CliException("--merge is for --format yaml or json; use --undeclared", ExitCodes.BadUsage);
        }
    }

    private List<Proposal> Propose(CommandRun run, ClusterMap cluster, CallFilter filter)
    {
        var builder = new ProposalBuilder(cluster.Seen, cluster.Declarations);
        var all = run.Get(_merge) ? builder.BuildMissing(filter, cluster.Declared) : builder.Build(filter);
        foreach (var leftOut in all.SelectMany(proposal => proposal.LeftOut))
        {
            run.Error.WriteLine(TerminalText.Clean($"Note: left out: {leftOut.Call.Client} to {leftOut.Call.TargetName}: {leftOut.Reason}"));
        }

        List<Proposal> proposals = [.. all.Where(proposal => proposal.Targets.Count > 0)];
        if (proposals.Count == 0)
        {
            run.Error.WriteLine(run.Get(_merge) ? "Nothing is missing." : "No call matches.");
        }

        return proposals;
    }

    private async Task<int> WriteProposalsAsync(CommandRun run, List<Proposal> proposals, CancellationToken cancellationToken)
    {
        var count = proposals.Sum(proposal => proposal.Targets.Count);
        if (run.Get(_folder) is not { } folder)
        {
            if (proposals.Count > 0)
            {
                await OutputFile.WriteAsync(run, run.Get(_file), Format(run, proposals), cancellationToken);
            }

            return count;
        }

        foreach (var proposal in proposals)
        {
            // Names of the API have no separators; those of anything else must not leave the folder.
            if (Path.GetFileName(proposal.Client.Namespace) != proposal.Client.Namespace || proposal.Client.Namespace is "" or "." or "..")
            {
                throw new CliException($"\"{proposal.Client.Namespace}\" is not the name of a namespace");
            }

            OutputFile.CreateFolder(Path.Combine(folder, proposal.Client.Namespace));
            var path = Path.Combine(folder, proposal.Client.Namespace, $"{proposal.Name}.{run.Get(_format)}");
            await OutputFile.WriteAsync(run, path, Format(run, [proposal]), cancellationToken);
        }

        return count;
    }

    private string Format(CommandRun run, IReadOnlyList<Proposal> proposals) => run.Get(_format) == OutputFormat.Yaml
        ? ProposalText.Write(proposals)
        : ObjectPrinter.Format<ClientIntents>([.. proposals.Select(proposal => proposal.ToIntents())], isList: true, OutputFormat.Json);

    private async Task<int> WriteCallsAsync(CommandRun run, ClusterMap cluster, CallFilter filter, CancellationToken cancellationToken)
    {
        List<SeenCall> calls = [.. cluster.Seen.Calls.Where(filter.Includes)];
        if (run.Get(_format) == Csv)
        {
            await OutputFile.WriteAsync(run, run.Get(_file), CallCsv.Write(calls, cluster.Declared), cancellationToken);
            return calls.Count;
        }

        // A target filter leaves out what was never seen: an export has only what was.
        var graph = GraphBuilder.Build(cluster.Seen, cluster.Declared, filter with { Target = filter.Target ?? (static _ => true) });
        await OutputFile.WriteAsync(run, run.Get(_file), GraphFormat.Write(run, graph, run.Get(_format)!), cancellationToken);
        return graph.Edges.Count;
    }
}
