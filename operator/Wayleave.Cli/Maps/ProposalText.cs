using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Wayleave.Api;
using Wayleave.Cli.Output;
using Wayleave.Observation.Proposals;

namespace Wayleave.Cli.Maps;

/// <summary>Writes proposals as YAML with comments that say when each target was seen.</summary>
internal static class ProposalText
{
    private const string Indent = "  ";

    /// <summary>One document for each proposal.</summary>
    public static string Write(IEnumerable<Proposal> proposals) => string.Join("---\n", proposals.Select(Write));

    public static string Write(Proposal proposal)
    {
        var intents = proposal.ToIntents();
        var known = proposal.Existing?.Spec.Targets ?? [];
        intents.Spec.Targets = [];
        var node = (JsonObject)JsonSerializer.SerializeToNode(intents, ApiJson.Default.ClientIntents)!;
        ((JsonObject)node["spec"]!).Remove("targets");
        var text = new StringBuilder();
        text.Append(Comment("", Headline(proposal))).Append(StructuredText.ToYaml(node)).Append("  targets:\n");
        if (known.Count > 0)
        {
            text.Append(Comment(Indent, "Declared already"));
            known.ForEach(target => AppendTarget(text, target));
        }

        string? group = null;
        foreach (var target in proposal.Targets)
        {
            if (target.Group != group)
            {
                text.Append(Comment(Indent, known.Count > 0 ? $"Missing: {target.Group}" : target.Group));
                group = target.Group;
            }

            text.Append(Comment(Indent, Describe(target)));
            AppendTarget(text, target.Target);
        }

        return text.ToString();
    }

    private static string Headline(Proposal proposal)
    {
        var (first, last) = (proposal.Targets.Min(target => target.First), proposal.Targets.Max(target => target.Last));
        var missing = proposal.Existing is null ? "" : "missing ";
        return $"{proposal.Client.ShortName} in namespace {proposal.Client.Namespace}: {missing}calls seen from {Day(first)} to {Day(last)},"
            + $" watched since {Day(proposal.Since)}";
    }

    private static string Describe(ProposedTarget target)
    {
        var text = new StringBuilder($"Seen from {Day(target.First)} to {Day(target.Last)}");
        text.Append(target.Connections.Length > 0 ? $", {target.Connections} connection{(target.Connections == "1" ? "" : "s")}" : "");
        text.Append(target.Sources.Count > 0 ? $", by {string.Join(" and ", target.Sources)}" : "");
        text.Append(target.IsAttempt ? "; never answered" : "");
        text.Append(target.IsAmbiguous ? "; one of several workloads behind the address" : "");
        text.Append(target.HasUnknownPorts ? "; no port was seen, so every port is allowed" : "");
        return text.ToString();
    }

    private static void AppendTarget(StringBuilder text, IntentTarget target)
    {
        var list = StructuredText.ToYaml(new JsonArray(JsonSerializer.SerializeToNode(target, ApiJson.Default.IntentTarget)));
        foreach (var line in list.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            text.Append(Indent).Append(line).Append('\n');
        }
    }

    // On one line, so that nothing in it is read as YAML.
    private static string Comment(string indent, string text) => $"{indent}# {TerminalText.Clean(text)}\n";

    private static string Day(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
