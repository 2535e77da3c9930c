namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>Manifests of workloads that <see cref="Wayleave.Testing.Operators.Yaml.Workload"/> cannot write.</summary>
internal static class Workloads
{
    /// <param name="selector">In YAML's flow style, as <paramref name="labels"/>, which must match it.</param>
    public static string Deployment(string @namespace, string name, string selector, string labels) =>
        $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{name}}}, namespace: {{{@namespace}}}}
        spec:
          replicas: 0
          selector: {{{selector}}}
          template: {metadata: {labels: {{{labels}}}}, spec: {containers: [{name: main, image: none}]}}
        """;

    /// <summary>A Pod without a controller, with <c>app: label</c>. No kubelet runs it.</summary>
    public static string Pod(string @namespace, string name, string label) =>
        $$$"""
        apiVersion: v1
        kind: Pod
        metadata: {name: {{{name}}}, namespace: {{{@namespace}}}, labels: {app: {{{label}}}}}
        spec: {containers: [{name: main, image: none}]}
        """;

    /// <param name="spec">In YAML's flow style.</param>
    public static string Service(string @namespace, string name, string spec) =>
        $$$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{{name}}}, namespace: {{{@namespace}}}}
        spec: {{{spec}}}
        """;
}
