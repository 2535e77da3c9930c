namespace Wayleave.Cli.Tests.Support;

/// <summary>The objects of the tests: a shop in which checkout calls cart.</summary>
internal static class Shop
{
    public static string Workload(string name, string @namespace = "shop", string kind = "Deployment", string ports = "[{name: http, containerPort: 8080}]") =>
        $$$"""
        apiVersion: apps/v1
        kind: {{{kind}}}
        metadata: {name: {{{name}}}, namespace: {{{@namespace}}}}
        spec:
          selector: {matchLabels: {app: {{{name}}}}}
          template: {metadata: {labels: {app: {{{name}}}}}, spec: {containers: [{ports: {{{ports}}}}]}}
        """;

    public static string Namespace(string name) =>
        $$$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: {{{name}}}, labels: {kubernetes.io/metadata.name: {{{name}}}}}
        """;

    public static string Intents(string client, string targets, string @namespace = "shop") =>
        $$$"""
        apiVersion: wayleave.dev/v1beta1
        kind: ClientIntents
        metadata: {name: {{{client}}}, namespace: {{{@namespace}}}}
        spec:
          workload: {name: {{{client}}}}
          targets: {{{targets}}}
        """;

    public const string Operator =
        """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: wayleave-operator
          namespace: wayleave-system
          labels: {app.kubernetes.io/name: wayleave, app.kubernetes.io/component: operator, app.kubernetes.io/version: 0.1.0}
        spec:
          template:
            spec:
              containers:
              - {name: operator, image: "registry.example/wayleave-operator:0.1.0", args: [--namespace=wayleave-system, --mode=Enforce, --egress=false]}
        """;

    /// <summary>Namespaces, the operator's Deployment, and the workloads cart, checkout and admin.</summary>
    public static string Everything => string.Join(
        "\n---\n",
        Namespace("kube-system"), Namespace("wayleave-system"), Namespace("shop"), Namespace("data"), Operator,
        Workload("cart"), Workload("checkout"), Workload("admin"), Workload("orders", "data"));
}
