using System.CommandLine;
using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Access;
using Wayleave.Cli.Manifests;
using Wayleave.Cli.Planning;

namespace Wayleave.Cli.Commands;

/// <summary><c>intents preview</c>.</summary>
internal static class PreviewCommand
{
    public static Command Create(CliEnvironment environment, CommonOptions options)
    {
        var output = ChangePrinter.Output();
        var command = new Command("preview", "Shows what NetworkPolicies an apply of files would add, change and remove. Writes nothing.")
        {
            options.Files, output, options.OperatorNamespace,
        };
        command.SetAction(CommandRun.Action(environment, options, async (run, token) =>
        {
            var documents = ReadFiles(run);
            var found = await new OperatorFinder(run.Connection, run.Error).FindOrAssumeAsync(run.Get(options.OperatorNamespace), token);
            using var now = await ClusterSnapshot.ReadAsync(run.Connection.Client, found.Options, ManifestOverlay.None, token);
            using var then = await ClusterSnapshot.ReadAsync(
                run.Connection.Client, found.Options, Overlay(documents, run.Namespace), token);
            var forecast = new PolicyForecast(then);
            var changes = PolicyComparison.Compare(new PolicyForecast(now), forecast);
            ChangePrinter.Print(run, changes, run.Get(output)!);
            Notes(run, forecast, changes);
            return ExitCodes.Success;
        }));
        return command;
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

    private static ManifestOverlay Overlay(IEnumerable<ManifestDocument> documents, string @namespace)
    {
        var overlay = new ManifestOverlay();
        foreach (var document in documents)
        {
            try
            {
                switch (document.Kind)
                {
                    case nameof(ClientIntents):
                        overlay.Add(In(document.Read<ClientIntents>(), @namespace));
                        break;
                    case nameof(ProtectedService):
                        overlay.Add(In(document.Read<ProtectedService>(), @namespace));
                        break;
                    case nameof(EnforcementPolicy):
                        overlay.Add(document.Read<EnforcementPolicy>());
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

    private static TEntity In<TEntity>(TEntity entity, string @namespace)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        entity.Metadata.NamespaceProperty ??= @namespace;
        return entity;
    }

    private static void Notes(CommandRun run, PolicyForecast forecast, IReadOnlyList<PolicyChange> changes)
    {
        if (forecast.UnknownDomains.Count > 0)
        {
            run.Error.WriteLine(
                $"Note: the operator looks up the addresses of {string.Join(", ", forecast.UnknownDomains.Order(StringComparer.Ordinal))}; those that it has not found yet are not shown.");
        }

        foreach (var refused in changes.Where(change => change.Action == Enforcement.Policies.PolicyAction.Refuse))
        {
            run.Error.WriteLine($"Note: {refused.Name.Namespace}/{refused.Name.Name} exists and is not the operator's; it would not be changed.");
        }
    }
}
