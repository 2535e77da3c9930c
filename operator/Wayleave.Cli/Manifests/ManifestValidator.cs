using System.Text.Json;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Targets;

namespace Wayleave.Cli.Manifests;

/// <summary>Something that is wrong, or not enforced, in a file.</summary>
/// <param name="IsError">False for what is valid and not enforced by this version.</param>
internal sealed record Finding(string File, int Line, bool IsError, string Message);

/// <summary>Validates objects without a cluster: with the schemas of the CRDs, then with the operator's own validators.</summary>
internal static class ManifestValidator
{
    /// <summary>Whether the document is of a kind that this program validates.</summary>
    public static bool IsOurs(ManifestDocument document) =>
        document.ApiVersion == Group.ApiVersion && document.Kind is { } kind && SchemaValidator.Schemas.ContainsKey(kind);

    /// <summary>What is wrong with one of our objects, in the order of the lines.</summary>
    public static IReadOnlyList<Finding> Validate(ManifestDocument document)
    {
        List<(string Path, string Message)> schema = [.. SchemaValidator.Validate(document)];
        if (string.IsNullOrEmpty(document.Name))
        {
            schema.Add(("metadata.name", "is required"));
        }

        var findings = new List<Finding>();
        foreach (var (isError, message) in OfOperator(document))
        {
            var colon = message.IndexOf(": ", StringComparison.Ordinal);
            var path = colon < 0 ? "" : message[..colon];

            // The schema and the validators agree on most fields. The message of the validator says how to fix it.
            schema.RemoveAll(error => error.Path == path);
            if (!isError || !schema.Exists(error => IsAbout(error.Path, path)))
            {
                findings.Add(new Finding(document.File, document.LineOf(path), isError, message));
            }
        }

        findings.AddRange(schema.Select(error => Of(document, error.Path, error.Message)));
        return [.. findings.Distinct().OrderBy(finding => finding.Line).ThenByDescending(finding => finding.IsError)];
    }

    private static IEnumerable<(bool IsError, string Message)> OfOperator(ManifestDocument document)
    {
        try
        {
            return document.Kind switch
            {
                nameof(ClientIntents) => OfIntents(document.Read<ClientIntents>()),
                nameof(ProtectedService) => Of(document.Read<ProtectedService>().Parse().Error),
                nameof(EnforcementPolicy) => Of(EnforcementPolicyParser.Validate(document.Read<EnforcementPolicy>())),
                nameof(KafkaServerConfig) => OfKafka(document.Read<KafkaServerConfig>()),
                nameof(Cluster) => OfCluster(document.Read<Cluster>()),
                _ => [],
            };
        }
        catch (JsonException)
        {
            // A field has another type, which the schema reports.
            return [];
        }
    }

    private static IEnumerable<(bool IsError, string Message)> OfIntents(ClientIntents intents)
    {
        var refusal = intents.Parse().Error;

        // The parser refuses all targets of a client that it refuses, and a file may have mistakes in both.
        intents.Spec.Workload = new WorkloadRef { Name = "valid" };
        intents.Spec.Clusters = null;
        return Of(refusal).Concat(intents.Parse().Targets
            .Where(target => target.Result?.Message is not null)
            .Select(target => (target.Result!.State != TargetStates.NotSupported, target.Result.Message!)));
    }

    private static IEnumerable<(bool IsError, string Message)> OfKafka(KafkaServerConfig config) =>
        (KafkaServerConfigStatusBuilder.Summarize(config, DateTimeOffset.UnixEpoch).Conditions ?? [])
            .Where(condition => condition is { Type: ConditionTypes.Ready, Reason: Reasons.InvalidSpec })
            .Select(condition => (true, condition.Message));

    private static IEnumerable<(bool IsError, string Message)> OfCluster(Cluster cluster) =>
        cluster.Metadata.Name == ClusterSelectionMatcher.Local
            ? [(true, $"metadata.name: \"{ClusterSelectionMatcher.Local}\" is the operator's own cluster; use another name")]
            : [];

    private static IEnumerable<(bool IsError, string Message)> Of(TargetResult? refusal) =>
        refusal?.Message is { } message ? [(true, message)] : [];

    private static Finding Of(ManifestDocument document, string path, string message) =>
        new(document.File, document.LineOf(path), IsError: true, path.Length == 0 ? message : $"{path}: {message}");

    private static bool IsAbout(string path, string other) =>
        path.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(path, StringComparison.Ordinal);
}
