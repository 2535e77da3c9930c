using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Operator.Tests.Meaning.Steps;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Meaning;

/// <summary>Runs one scenario against the operator and reports the first failure.</summary>
internal sealed class ScenarioRun(Scenario scenario, Tally tally)
{
    private readonly Oracle _oracle = new();

    /// <summary>Returns the first failure. Null for none.</summary>
    public static async Task<string?> FailureAsync(Scenario scenario, Tally tally)
    {
        try
        {
            tally.Clusters++;
            await using var stage = new Stage(scenario.Defaults);
            return await new ScenarioRun(scenario, tally).RunAsync(stage);
        }
        catch (TimeoutException late)
        {
            return late.Message;
        }
    }

    private async Task<string?> RunAsync(Stage stage)
    {
        foreach (var given in scenario.Given.OfType<EditStep>())
        {
            given.Edit.Make(stage.Cluster.User);
        }

        await stage.StartAsync(scenario.Defaults);
        if (await CheckAsync(stage, new StepNature(IsPlain: false, IsRestart: true), writesBefore: null) is { } early)
        {
            return $"after the start: {early}";
        }

        foreach (var step in scenario.Then)
        {
            var writes = stage.Cluster.Writes.Count;
            await step.TakeAsync(stage);
            if (await CheckAsync(stage, new StepNature(step.IsPlain, step is RestartStep), step.IsQuiet ? writes : null) is { } wrong)
            {
                return $"after \"{step}\": {wrong}";
            }
        }

        return null;
    }

    private async Task<string?> CheckAsync(Stage stage, StepNature nature, int? writesBefore)
    {
        tally.Steps++;
        await stage.Operator.SettleAsync();
        var view = new ClusterView(stage.Cluster, stage.Defaults, _oracle.Past);

        // After a restart, the operator knows deleted objects only by their policies, which another owner may have taken over.
        var mayForget = nature.IsRestart && view.NameConflicts.Count > 0 && (view.GoneWorkloads.Count > 0 || view.GoneServices.Count > 0);
        var needless = writesBefore is { } before && !mayForget ? NeedlessWritesSince(stage, before) : null;
        return new Comparison(_oracle.Look(view, nature), tally).Differences()
            ?? needless
            ?? UnreportedOf(view)
            ?? new StatusTruth(view, tally).Problem()
            ?? await CheckResyncAsync(stage)
            ?? (stage.Operator.Errors.Count > 0 ? $"it logged {string.Join('\n', stage.Operator.Errors)}" : null);
    }

    // A status of another generation misleads its readers.
    private static string? UnreportedOf(ClusterView view)
    {
        var intents = view.Intents.Where(intents => intents.Status?.ObservedGeneration != intents.Metadata.Generation).Select(intents => intents.Metadata);
        var protections = view.Protections.Where(protection => protection.Status?.ObservedGeneration != protection.Metadata.Generation).Select(protection => protection.Metadata);
        var enforcements = view.Enforcements.Where(policy => policy.Status?.ObservedGeneration != policy.Metadata.Generation).Select(policy => policy.Metadata);
        var unreported = intents.Concat(protections).Concat(enforcements).Select(meta => $"{meta.NamespaceProperty}/{meta.Name}").ToList();
        return unreported.Count == 0 ? null : $"no status of the current generation: {string.Join(", ", unreported)}";
    }

    private static async Task<string?> CheckResyncAsync(Stage stage)
    {
        var before = stage.Cluster.Writes.Count;
        var content = ContentOf(stage);
        stage.Operator.EnqueueAll();
        await stage.Operator.SettleAsync();
        return NeedlessWritesSince(stage, before) is { } needless
            ? $"{needless}\n    before: {string.Join("\n            ", content.Except(ContentOf(stage)))}\n    after:  {string.Join("\n            ", ContentOf(stage).Except(content))}"
            : null;
    }

    private static List<string> ContentOf(Stage stage) =>
    [
        .. stage.Cluster.List<V1NetworkPolicy>().Select(policy => $"{policy.Metadata.Name} {JsonSerializer.Serialize(policy.Spec!, SourceGenerationContext.Default.V1NetworkPolicySpec)}"),
        .. stage.Cluster.List<ClientIntents>().Select(intents => $"{intents.Metadata.Name} {JsonSerializer.Serialize(intents.Status!, ApiJson.Default.ClientIntentsStatus)}"),
        .. stage.Cluster.List<ProtectedService>().Select(protection => $"{protection.Metadata.Name} {JsonSerializer.Serialize(protection.Status!, ApiJson.Default.ProtectedServiceStatus)}"),
    ];

    private static string? NeedlessWritesSince(Stage stage, int before) => stage.Cluster.Writes.Count == before
        ? null
        : $"needless writes without a change: {string.Join(", ", stage.Cluster.Writes.Skip(before))}";
}
