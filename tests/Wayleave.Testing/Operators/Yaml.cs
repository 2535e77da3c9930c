namespace Wayleave.Testing.Operators;

/// <summary>Small manifests.</summary>
public static class Yaml
{
    /// <summary>A workload of a kind in <c>apps/v1</c> whose Pods have the label <c>app: name</c>.</summary>
    public static string Workload(string @namespace, string name, string kind = "Deployment") =>
        $$$"""
        apiVersion: apps/v1
        kind: {{{kind}}}
        metadata: {name: {{{name}}}, namespace: {{{@namespace}}}}
        spec:
          {{{(kind == "StatefulSet" ? "serviceName: none" : "")}}}
          {{{(kind == "DaemonSet" ? "" : "replicas: 0")}}}
          selector: {matchLabels: {app: {{{name}}}}}
          template: {metadata: {labels: {app: {{{name}}}}}, spec: {containers: [{name: main, image: none}]}}
        """;

    /// <summary>A ClientIntents named as its client, with targets as a YAML flow list.</summary>
    public static string Intents(string @namespace, string client, string targets, string? name = null) =>
        $$$"""
        apiVersion: wayleave.dev/v1beta1
        kind: ClientIntents
        metadata: {name: {{{name ?? client}}}, namespace: {{{@namespace}}}}
        spec:
          workload: {name: {{{client}}}}
          targets: {{{targets}}}
        """;

    /// <summary>What the network mapper has seen of a Deployment; calls and the tally of telemetry in YAML's flow style.</summary>
    public static string Observed(string @namespace, string client, string calls, string? telemetry = null, string since = "2026-01-01T00:00:00Z") =>
        $$$"""
        apiVersion: wayleave.dev/v1beta1
        kind: ObservedIntents
        metadata: {name: deployment-{{{client}}}, namespace: {{{@namespace}}}}
        workload: {name: {{{client}}}, kind: Deployment}
        since: "{{{since}}}"
        calls: {{{calls}}}
        {{{(telemetry is null ? "" : $"telemetry: {telemetry}")}}}
        """;

    /// <summary>A call in <see cref="Observed"/>; the target in YAML's flow style, and further keys after a comma.</summary>
    public static string Call(string target, string outcome = "Connected", string more = "") =>
        $$$"""{target: {{{target}}}, sources: [Tcp], outcome: {{{outcome}}}, first: "2026-01-01T00:00:00Z", last: "2026-01-02T00:00:00Z", connections: "10+"{{{more}}}}""";

    /// <summary>An EnforcementPolicy; the spec in YAML's flow style.</summary>
    public static string Enforcement(string name, string spec) =>
        $$$"""
        apiVersion: wayleave.dev/v1beta1
        kind: EnforcementPolicy
        metadata: {name: {{{name}}}}
        spec: {{{spec}}}
        """;

    /// <summary>A KafkaServerConfig named as its workload; further keys of the spec in YAML's flow style, after a comma.</summary>
    public static string KafkaServer(string @namespace, string name, string address, string more = "") =>
        $$$"""
        apiVersion: wayleave.dev/v1beta1
        kind: KafkaServerConfig
        metadata: {name: {{{name}}}, namespace: {{{@namespace}}}}
        spec: {workload: {name: {{{name}}}}, address: "{{{address}}}"{{{more}}}}
        """;

    public static string Protection(string @namespace, string server) =>
        $$$"""
        apiVersion: wayleave.dev/v1beta1
        kind: ProtectedService
        metadata: {name: {{{server}}}, namespace: {{{@namespace}}}}
        spec: {workload: {name: {{{server}}}}}
        """;

    /// <summary>A Cluster whose kubeconfig is in the Secret of its name; further keys of the spec in YAML's flow style, after a comma.</summary>
    public static string MemberCluster(string @namespace, string name, string labels = "{}", string more = "") =>
        $$$"""
        apiVersion: wayleave.dev/v1beta1
        kind: Cluster
        metadata: {name: {{{name}}}, labels: {{{labels}}}}
        spec: {kubeconfigSecretRef: {namespace: {{{@namespace}}}, name: {{{name}}}}{{{more}}}}
        """;

    /// <summary>A Secret with one key.</summary>
    public static string Secret(string @namespace, string name, string key, string value) =>
        $$$"""
        apiVersion: v1
        kind: Secret
        metadata: {name: {{{name}}}, namespace: {{{@namespace}}}}
        data: {{{{key}}}: {{{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(value))}}}}
        """;

    /// <summary>Adds a cluster selection, in YAML's flow style, to intents.</summary>
    public static string In(string clusters, string intents)
    {
        ArgumentNullException.ThrowIfNull(intents);
        return intents.Replace("spec:\n", $"spec:\n  clusters: {clusters}\n", StringComparison.Ordinal);
    }
}
