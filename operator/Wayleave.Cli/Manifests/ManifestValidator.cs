using System.Text.Json;
using System.Text.RegularExpressions;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Status;
using Wayleave.Enforcement.Targets;
using Wayleave.Settings;
using Group = Wayleave.Api.Group;

namespace Wayleave.Cli.Manifests;

/// <summary>Something that is wrong, or not enforced, in a file.</summary>
/// <param name="IsError">False for what is valid and not enforced by this version.</param>
internal sealed record Finding(string File, int Line, bool IsError, string Message);

/// <summary>Validates objects without a cluster: with the schemas of the CRDs, then with the operator's own validators.</summary>
internal static partial class ManifestValidator
{
    /// <summary>Whether the document is of the API group that this program validates, in whatever version and of whatever kind.</summary>
    public static bool IsOurs(ManifestDocument document) => document.ApiVersion?.Split('/')[0] == Group.Name;

    /// <summary>What is wrong with one of our objects, in the order of the lines.</summary>
    public static IReadOnlyList<Finding> Validate(ManifestDocument document)
    {
        if (FindUnknownType(document) is { } unknown)
        {
            return [unknown];
        }

        List<(string Path, string Message)> schema = [.. SchemaValidator.Validate(document), .. ValidateNames(document)];
        var findings = new List<Finding>();
        foreach (var (isError, message) in RunOperatorValidators(document, schema.Count > 0))
        {
            // The schema and the validators agree on most fields. The message of the validator says how to fix it.
            var path = PathAtStart().Match(message).Groups["path"].Value;
            if (isError && path.Length > 0)
            {
                schema.RemoveAll(error => error.Path == path);
            }

            if (!isError || !schema.Exists(error => IsAtOrAbove(error.Path, path)))
            {
                findings.Add(new Finding(document.File, document.LineOf(path), isError, message));
            }
        }

        findings.AddRange(schema.Select(error => CreateFinding(document, error.Path, error.Message)));
        return [.. findings.Distinct().OrderBy(finding => finding.Line).ThenByDescending(finding => finding.IsError)];
    }

    private static Finding? FindUnknownType(ManifestDocument document)
    {
        if (document.ApiVersion != Group.ApiVersion)
        {
            return CreateFinding(document, "apiVersion", $"\"{document.ApiVersion}\" is not known; use {Group.ApiVersion}");
        }

        var kinds = string.Join(", ", SchemaValidator.Schemas.Keys.Order(StringComparer.Ordinal));
        return document.Kind is not { } kind ? CreateFinding(document, "kind", $"is required; use one of {kinds}")
            : SchemaValidator.Schemas.ContainsKey(kind) ? null
            : CreateFinding(document, "kind", $"\"{kind}\" is not a kind of {Group.ApiVersion}; use one of {kinds}");
    }

    private static IEnumerable<(string Path, string Message)> ValidateNames(ManifestDocument document)
    {
        if (string.IsNullOrEmpty(document.Name))
        {
            yield return ("metadata.name", "is required");
        }
        else if (NameParsers.DescribeObjectNameError(document.Name) is { } error)
        {
            yield return ("metadata.name", $"\"{document.Name}\" {error}");
        }

        if (document.Namespace is { } @namespace && NameParsers.DescribeNamespaceError(@namespace) is { } problem)
        {
            yield return ("metadata.namespace", $"\"{@namespace}\" {problem}");
        }
    }

    private static IEnumerable<(bool IsError, string Message)> RunOperatorValidators(ManifestDocument document, bool hasSchemaErrors)
    {
        try
        {
            return document.Kind switch
            {
                nameof(ClientIntents) => ValidateIntents(document.Read<ClientIntents>()),
                nameof(ProtectedService) => ToMessages(document.Read<ProtectedService>().Parse().Error),
                nameof(EnforcementPolicy) => ToMessages(EnforcementPolicyParser.Validate(document.Read<EnforcementPolicy>())),
                nameof(KafkaServerConfig) => ValidateKafka(document.Read<KafkaServerConfig>()),
                nameof(Cluster) => ValidateCluster(document.Read<Cluster>()),
                _ => [],
            };
        }
        catch (JsonException error)
        {
            // A field has another type, which the schema reports with a better message.
            return hasSchemaErrors ? [] : [(true, error.Message)];
        }
    }

    private static IEnumerable<(bool IsError, string Message)> ValidateIntents(ClientIntents intents)
    {
        var refusal = intents.Parse().Error;

        // The parser refuses all targets of a client that it refuses, and a file may have mistakes in both.
        intents.Spec.Workload = new WorkloadRef { Name = "valid" };
        intents.Spec.Clusters = null;
        return ToMessages(refusal).Concat(intents.Parse().Targets
            .Where(target => target.Result?.Message is not null)
            .Select(target => (target.Result!.State != TargetStateNames.NotSupported, target.Result.Message!)));
    }

    private static IEnumerable<(bool IsError, string Message)> ValidateKafka(KafkaServerConfig config) =>
        (KafkaServerConfigStatusBuilder.Summarize(config, DateTimeOffset.UnixEpoch).Conditions ?? [])
            .Where(condition => condition is { Type: ConditionTypes.Ready, Reason: Reasons.InvalidSpec })
            .Select(condition => (true, condition.Message));

    private static IEnumerable<(bool IsError, string Message)> ValidateCluster(Cluster cluster) =>
        cluster.Metadata.Name == ClusterSelectionMatcher.Local
            ? [(true, $"metadata.name: \"{ClusterSelectionMatcher.Local}\" is the operator's own cluster; use another name")]
            : [];

    private static IEnumerable<(bool IsError, string Message)> ToMessages(TargetResult? refusal) =>
        refusal?.Message is { } message ? [(true, message)] : [];

    private static Finding CreateFinding(ManifestDocument document, string path, string message) =>
        new(document.File, document.LineOf(path), IsError: true, path.Length == 0 ? message : $"{path}: {message}");

    private static bool IsAtOrAbove(string path, string other) =>
        path.Length == 0
            || path == other
            || (other.StartsWith(path, StringComparison.Ordinal) && other[path.Length] is '.' or '[');

    // The validators begin their messages with the path of the field, such as spec.targets[0].kubernetes.
    [GeneratedRegex("""^(?<path>[a-z][^\s:"]*): """, RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PathAtStart();
}
