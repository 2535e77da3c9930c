namespace Wayleave.OneNode;

/// <summary>A small shop whose calls are known: what the map has to show.</summary>
internal static class ShopManifest
{
    public const string Namespace = "market";

    /// <summary>A line for each call, as <see cref="MapTests"/> writes them.</summary>
    public static readonly IReadOnlyList<string> Calls =
    [
        "Deployment/checkout -> kubernetes Deployment/cart [8080] by cart: Connected",
        "Deployment/checkout -> kubernetes Deployment/cart [8081] by cart: Refused",
        "Deployment/checkout -> kubernetes StatefulSet/redis.stores [6379] by redis.stores: Connected",
        "Deployment/checkout -> service kubernetes.default [443] by kubernetes.default: Connected",
        "Job/report -> kubernetes Deployment/cart [8080] by cart: Connected",
    ];

    // wget of a BusyBox that is linked statically cannot look up names.
    private const string Checkout =
        """
        while true; do
          busybox nc -w 1 cart.market.svc.cluster.local 80 </dev/null;
          busybox nc -w 1 cart.market.svc.cluster.local 81 </dev/null;
          busybox nc -w 1 redis.stores.svc.cluster.local 6379 </dev/null;
          busybox nc -w 1 kubernetes.default.svc.cluster.local 443 </dev/null;
          busybox sleep 1;
        done
        """;

    /// <summary>Two namespaces, with the label that Kubernetes sets since 1.21, and Pods that serve and call. The Job lives until two seconds after its call.</summary>
    public static string Yaml { get; } = $$"""
        apiVersion: v1
        kind: Namespace
        metadata: { name: {{Namespace}}, labels: {kubernetes.io/metadata.name: {{Namespace}} } }
        ---
        apiVersion: v1
        kind: Namespace
        metadata: {name: stores, labels: {kubernetes.io/metadata.name: stores} }
        ---
        {{Service("cart", Namespace, "{name: web, protocol: TCP, port: 80, targetPort: 8080}, {name: closed, protocol: TCP, port: 81, targetPort: 8081}")}}
        ---
        {{Service("redis", "stores", "{protocol: TCP, port: 6379, targetPort: 6379}")}}
        ---
        {{Controller("apps/v1", "Deployment", "cart", Namespace, "busybox httpd -f -p 8080")}}
        ---
        {{Controller("apps/v1", "StatefulSet", "redis", "stores", "busybox httpd -f -p 6379")}}
        ---
        {{Controller("apps/v1", "Deployment", "checkout", Namespace, Checkout)}}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: { name: report, namespace: {{Namespace}} }
        spec:
          template:
            metadata: { labels: { app: report } }
            spec: { restartPolicy: Never, containers: [ {{Container("until busybox nc -w 1 cart.market.svc.cluster.local 80 </dev/null; do busybox sleep 0.2; done; busybox sleep 2")}} ] }
        """;

    private static string Service(string name, string @namespace, string ports) =>
        $$"""
        apiVersion: v1
        kind: Service
        metadata: { name: {{name}}, namespace: {{@namespace}} }
        spec: { selector: { app: {{name}} }, ports: [{{ports}}] }
        """;

    private static string Controller(string version, string kind, string name, string @namespace, string script) =>
        $$"""
        apiVersion: {{version}}
        kind: {{kind}}
        metadata: { name: {{name}}, namespace: {{@namespace}} }
        spec:
          {{(kind == "StatefulSet" ? $"serviceName: {name}" : "replicas: 1")}}
          selector: { matchLabels: { app: {{name}} } }
          template:
            metadata: { labels: { app: {{name}} } }
            spec: { terminationGracePeriodSeconds: 0, containers: [ {{Container(script)}} ] }
        """;

    private static string Container(string script)
    {
        var command = string.Join(' ', script.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return $$"""{name: main, image: "localhost/shop:1", imagePullPolicy: Never, command: [sh, -c, "{{command}}"]}""";
    }
}
