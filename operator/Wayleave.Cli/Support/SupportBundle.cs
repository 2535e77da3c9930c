using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using Wayleave.Api;
using Wayleave.Cli.Access;
using Wayleave.Cli.Output;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Cli.Support;

/// <summary>Collects what is needed to find out what is wrong: objects, Events, logs and metrics. What cannot be read is listed.</summary>
/// <param name="redactor">Null to keep names.</param>
internal sealed class SupportBundle(IClusterConnection connection, NameRedactor? redactor)
{
    private const int LogLines = 2_000;
    private const string MetricsPort = "8080";
    private const string Removed = "(removed)";
    private const string OurEvents = "api/v1/events?fieldSelector=reportingComponent%3Dwayleave.dev%2Foperator";

    private static readonly string[] _kinds =
        ["clientintents", "protectedservices", "enforcementpolicies", "kafkaserverconfigs", "clusters"];

    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);
    private readonly List<string> _errors = [];

    /// <summary>The files of the bundle, by their path.</summary>
    public IReadOnlyDictionary<string, string> Files => _files;

    /// <summary>What could not be read, and why.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <param name="operatorNamespace">Where the operator runs; null to look in all namespaces.</param>
    public async Task CollectAsync(string? operatorNamespace, CancellationToken cancellationToken)
    {
        await AddAsync("kubernetes.json", "version", ToJson, cancellationToken);
        foreach (var kind in _kinds)
        {
            await AddAsync($"objects/{kind}.json", $"apis/{Group.ApiVersion}/{kind}", ToJson, cancellationToken);
        }

        var ours = Uri.EscapeDataString($"{WayleaveLabels.ManagedBy}={WayleaveLabels.ManagedByValue}");
        await AddAsync(
            "objects/networkpolicies.json", $"apis/networking.k8s.io/v1/networkpolicies?labelSelector={ours}", ToJson, cancellationToken);
        await AddAsync("events.json", OurEvents, ToJson, cancellationToken);

        var @namespace = operatorNamespace is null ? "" : $"namespaces/{Uri.EscapeDataString(operatorNamespace)}/";
        var labels = Uri.EscapeDataString(OperatorFinder.ChartLabels);
        await AddAsync(
            "operator/deployments.json", $"apis/apps/v1/{@namespace}deployments?labelSelector={labels}", ToJson, cancellationToken);
        var pods = await AddAsync("operator/pods.json", $"api/v1/{@namespace}pods?labelSelector={labels}", ToJson, cancellationToken);
        foreach (var pod in (JsonNode.Parse(pods ?? "{}")?["items"] as JsonArray ?? []).OfType<JsonObject>())
        {
            await AddPodAsync(pod, cancellationToken);
        }

        _files["README.txt"] = Describe();
    }

    private async Task AddPodAsync(JsonObject pod, CancellationToken cancellationToken)
    {
        var (name, @namespace) = ((string)pod["metadata"]!["name"]!, (string)pod["metadata"]!["namespace"]!);
        var path = $"api/v1/namespaces/{Uri.EscapeDataString(@namespace)}/pods/{Uri.EscapeDataString(name)}";
        var shown = redactor?.Hash(name) ?? name;
        var log = string.Create(CultureInfo.InvariantCulture, $"{path}/log?container=operator&tailLines={LogLines}");
        await AddAsync($"operator/{shown}/log.txt", log, ToLog, cancellationToken);
        if ((pod["status"]?["containerStatuses"] as JsonArray ?? []).Any(status => (int?)status?["restartCount"] > 0))
        {
            await AddAsync($"operator/{shown}/log-before-restart.txt", $"{log}&previous=true", ToLog, cancellationToken);
        }

        await AddAsync($"operator/{shown}/metrics.txt", $"{path}:{MetricsPort}/proxy/metrics", ToMetrics, cancellationToken);
    }

    // Returns what was read, before names were replaced; null if it could not be read.
    private async Task<string?> AddAsync(string file, string path, Func<string, string> convert, CancellationToken cancellationToken)
    {
        try
        {
            var text = await connection.ReadTextAsync(path, cancellationToken);
            _files[file] = convert(text);
            return text;
        }
        catch (Exception error) when (error is KubernetesException or HttpRequestException or LimitExceededException or JsonException
            or TimeoutException)
        {
            // The message of the API server names the user.
            var reason = error is KubernetesException { Status.Reason: { Length: > 0 } status } ? status : error.GetType().Name;
            _errors.Add($"{file}: {(redactor is null ? error.Message : reason)}");
            return null;
        }
    }

    private string ToJson(string text)
    {
        var node = JsonNode.Parse(text) ?? new JsonObject();
        RemoveSecrets(node);
        return StructuredText.ToJson(redactor is null ? node : redactor.Redact(node)!);
    }

    private string ToLog(string text) => redactor is null
        ? text
        : string.Concat(text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => $"{redactor.RedactLogLine(line)}\n"));

    private string ToMetrics(string text) => redactor?.RedactMetrics(text) ?? text;

    // Values of variables may be secrets even where names are kept; so may headers.
    private static void RemoveSecrets(JsonNode node)
    {
        foreach (var map in Descendants(node).OfType<JsonObject>())
        {
            map.Remove("managedFields");
            foreach (var variable in (map["env"] as JsonArray ?? []).OfType<JsonObject>().Where(entry => entry.ContainsKey("value")))
            {
                variable["value"] = Removed;
            }

            if (map["args"] is JsonArray arguments)
            {
                var texts = arguments.Select(argument => (string?)argument ?? "").ToList();
                map["args"] = new JsonArray([.. texts.Select((text, i) => (JsonNode)RemoveHeaders(text, i == 0 ? "" : texts[i - 1]))]);
            }
        }
    }

    // Of --telemetry-headers=VALUE and of --telemetry-headers VALUE.
    private static string RemoveHeaders(string argument, string previous)
    {
        const string Option = "headers";
        return previous.EndsWith(Option, StringComparison.Ordinal) ? Removed
            : argument.Split('=', 2) is [var option, _] && option.EndsWith(Option, StringComparison.Ordinal) ? $"{option}={Removed}"
            : argument;
    }

    private static IEnumerable<JsonNode> Descendants(JsonNode node) => node switch
    {
        JsonObject map => map.Select(entry => entry.Value).OfType<JsonNode>().ToList().SelectMany(Descendants).Prepend(map),
        JsonArray list => list.OfType<JsonNode>().SelectMany(Descendants),
        _ => [],
    };

    private string Describe()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"A support bundle of Wayleave, written by wayleave {CliVersion.Text}.\n\n");
        text.Append(redactor is null
            ? "Names of objects, namespaces, domains and addresses are as in the cluster (--with-names).\n"
            : """
            Names of objects, namespaces, domains and addresses, and free text, are replaced by hashes. Equal texts have equal hashes.
            The key of the hashes is random and was not kept.

            """);
        text.Append("Secrets, kubeconfigs, values of environment variables and headers are not in it.\n");
        if (_errors.Count > 0)
        {
            text.Append("\nNot read:\n");
            _errors.ForEach(error => text.Append(CultureInfo.InvariantCulture, $"- {error}\n"));
        }

        return text.ToString();
    }
}
