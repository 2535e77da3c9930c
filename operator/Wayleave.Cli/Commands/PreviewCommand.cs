using System.CommandLine;
using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Manifests;
using Wayleave.Cli.Maps;
using Wayleave.Cli.Output;
using Wayleave.Cli.Planning;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Targets;

namespace Wayleave.Cli.Commands;

/// <summary><c>intents preview</c>.</summary>
internal static class PreviewCommand
{
    public static Command Create(CommonOptions options)
    {
        var output = ChangePrinter.Output();
        return options.CreateCommand(
            "preview",
            "Shows which NetworkPolicies would be created, updated or deleted if you applied the files, and which calls that the network mapper"
                + " has seen would be cut.",
            [options.Files, output, options.OperatorNamespace],
            async (run, token) =>
            {
                var documents = ReadFiles(run);
                var found = await run.FindOperatorAsync(token);
                using var now = await run.ReadSnapshotAsync(found, token);
                using var then = await run.ReadSnapshotAsync(found, token, CreateOverlay(documents, run));
                var forecast = new PolicyForecast(then);
                var before = new PolicyForecast(now);
                var changes = PolicyComparison.Compare(before, forecast);
                ChangePrinter.Print(run, changes, run.Get(output)!);
                await CutCallPrinter.PrintNewAsync(run, before, forecast, run.Get(output)!, token);
                PrintDomains(run, forecast, documents);
                return ExitCodes.Success;
            });
    }

    private static List<ManifestDocument> ReadFiles(CommandRun run)
    {
        List<ManifestDocument> ours;
        try
        {
            var all = ManifestFiles.Read(run.Get(run.Options.Files)!, run.Environment.Input);
            ours = [.. all.Where(ManifestValidator.IsOurs)];
            if (all.Count > ours.Count)
            {
                run.Error.WriteLine($"Note: {all.Count - ours.Count} objects of other kinds or versions are not considered.");
            }
        }
        catch (ManifestException error)
        {
            throw new CliException(error.Message);
        }

        var errors = ours.SelectMany(ManifestValidator.Validate).Where(finding => finding.IsError).ToList();
        return errors.Count == 0
            ? ours
            : throw new CliException($"{errors[0].File}:{errors[0].Line}: {errors[0].Message} (see intents validate)");
    }

    private static ManifestOverlay CreateOverlay(IEnumerable<ManifestDocument> documents, CommandRun run)
    {
        var overlay = new ManifestOverlay();
        foreach (var document in documents)
        {
            try
            {
                switch (document.Kind)
                {
                    case nameof(ClientIntents):
                        overlay.Add(SetDefaultNamespace(document.Read<ClientIntents>(), run.Namespace));
                        break;
                    case nameof(ProtectedService):
                        overlay.Add(SetDefaultNamespace(document.Read<ProtectedService>(), run.Namespace));
                        break;
                    case nameof(EnforcementPolicy):
                        overlay.Add(document.Read<EnforcementPolicy>());
                        break;
                    default:
                        run.Error.WriteLine(TerminalText.Clean($"Note: {document.Kind} \"{document.Name}\" is skipped: it changes no NetworkPolicy of this cluster."));
                        break;
                }
            }
            catch (JsonException error)
            {
                throw new CliException($"{document.File}:{document.LineOf("")}: {error.Message}");
            }
        }

        return overlay;
    }

    private static TEntity SetDefaultNamespace<TEntity>(TEntity entity, string @namespace)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        entity.Metadata.NamespaceProperty ??= @namespace;
        return entity;
    }

    private static void PrintDomains(CommandRun run, PolicyForecast forecast, IEnumerable<ManifestDocument> documents)
    {
        List<string> declared =
        [
            .. documents.Where(document => document.Kind == nameof(ClientIntents))
                .SelectMany(document => document.Read<ClientIntents>().Parse().Domains)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];
        void Print(HashSet<string> meant, Func<string, string> note)
        {
            var names = declared.FindAll(meant.Contains);
            if (names.Count > 0)
            {
                run.Error.WriteLine(TerminalText.Clean($"Note: {note(string.Join(", ", names))}"));
            }
        }

        Print(
            forecast.UnknownDomains,
            names => $"the operator looks up the addresses of {names}; those that it has not resolved yet are not shown.");
        Print(
            forecast.WaitingWildcards,
            names => $"{names} will allow the addresses that DNS answers to the client's Pods; the network mapper has seen none yet.");
        Print(
            forecast.UnsupportedWildcards,
            names => $"{names} will allow nothing: the operator does not read the map of the network mapper.");
        if (forecast.Snapshot.Observed is { IsServed: true, HasSynced: false } && declared.Exists(DomainPattern.IsWildcard))
        {
            run.Error.WriteLine(
                "Note: you may not list ObservedIntents, so of the addresses of wildcard domains only those are shown that are in force.");
        }
    }
}
