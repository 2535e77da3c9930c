using Wayleave.Testing.ControlPlane;

namespace Wayleave.K3s.Tests;

/// <summary>
/// The namespace of a test, with Deployments of one Pod each. They serve HTTP on port 8080 behind a Service of the same name, and can call each
/// other. Disposing deletes the namespace with everything in it.
/// </summary>
internal sealed class Shop : IAsyncDisposable
{
    /// <summary>An image that K3s itself uses.</summary>
    public const string Image = "rancher/mirrored-library-busybox:1.37.0";

    /// <summary>The shell command that serves HTTP in <see cref="Image"/>.</summary>
    public const string ServeHttp = "mkdir /tmp/www && echo served > /tmp/www/index.html && exec httpd -f -p 8080 -h /tmp/www";

    // The controller of K3s applies a changed policy within a second or two.
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(20);

    private readonly K3sCluster _cluster;

    private Shop(K3sCluster cluster, string @namespace)
    {
        _cluster = cluster;
        Namespace = @namespace;
    }

    public string Namespace { get; }

    public static async Task<Shop> OpenAsync(K3sCluster cluster, params IReadOnlyList<string> workloads)
    {
        var shop = new Shop(cluster, $"shop-{Guid.NewGuid():N}"[..12]);
        await cluster.ApplyAsync(NamespaceYaml(shop.Namespace));
        await cluster.ApplyAsync(string.Join("\n---\n", workloads.Select(shop.WorkloadYaml)));
        foreach (var workload in cluster.RunsPods ? workloads : [])
        {
            await cluster.KubectlAsync("rollout", "status", $"deployment/{workload}", $"--namespace={shop.Namespace}", "--timeout=180s");
        }

        return shop;
    }

    /// <summary>A Namespace with the label that API servers set themselves since 1.21.</summary>
    public static string NamespaceYaml(string name) =>
        $$$"""
        apiVersion: v1
        kind: Namespace
        metadata: {name: {{{name}}}, labels: {kubernetes.io/metadata.name: {{{name}}}}}
        """;

    /// <summary>Returns when a condition of an object holds.</summary>
    public Task WaitForAsync(string @object, string condition = "Ready") =>
        _cluster.KubectlAsync("wait", $"--for=condition={condition}", @object, $"--namespace={Namespace}", "--timeout=60s");

    /// <summary>The names of the NetworkPolicies, in alphabetical order.</summary>
    public async Task<IReadOnlyList<string>> PoliciesAsync() =>
        (await _cluster.KubectlAsync("get", "networkpolicies", $"--namespace={Namespace}", "--output=jsonpath={.items[*].metadata.name}"))
        .Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Returns when a Pod of the client gets a response from the URL.</summary>
    /// <exception cref="TimeoutException">It gets none within 20 seconds.</exception>
    public Task ShouldReachAsync(string client, string url) => WaitUntilAsync(client, url, reached: true);

    /// <summary>Returns when a Pod of the client gets no connection to the URL.</summary>
    /// <exception cref="TimeoutException">It still gets one after 20 seconds.</exception>
    public Task ShouldNotReachAsync(string client, string url) => WaitUntilAsync(client, url, reached: false);

    public async ValueTask DisposeAsync() => await _cluster.KubectlAsync("delete", "namespace", Namespace, "--wait=false");

    private Task<bool> WaitUntilAsync(string client, string url, bool reached) => Poll.UntilAsync(
        $"{client} {(reached ? "to reach" : "not to reach")} {url}", _ => ReachesAsync(client, url), value => value == reached, Seconds, default);

    // The result is in the output, so that a failure of kubectl is not mistaken for a denied call.
    private async Task<bool> ReachesAsync(string client, string url)
    {
        var answer = await _cluster.KubectlAsync(
            "exec", $"deployment/{client}", $"--namespace={Namespace}", "--", "sh", "-c", $"timeout 4 wget -q -T 2 -O - {url} || echo denied");
        return answer switch
        {
            "served" => true,
            "denied" => false,
            _ => throw new InvalidOperationException(answer),
        };
    }

    private string WorkloadYaml(string name) =>
        $$$"""
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: {{{name}}}, namespace: {{{Namespace}}}}
        spec:
          selector: {matchLabels: {app: {{{name}}}}}
          template:
            metadata: {labels: {app: {{{name}}}}}
            spec:
              terminationGracePeriodSeconds: 0
              containers:
              - name: main
                image: {{{Image}}}
                command: [sh, -c, "{{{ServeHttp}}}"]
                ports: [{name: http, containerPort: 8080}]
                readinessProbe: {httpGet: {path: /, port: 8080}, periodSeconds: 1}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: {{{name}}}, namespace: {{{Namespace}}}}
        spec: {selector: {app: {{{name}}}}, ports: [{name: http, port: 8080, protocol: TCP}]}
        """;
}
