using System.Text.Json;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.K3s.Tests;

/// <summary>
/// The installed chart and its operator. The operator is a Pod or, where no Pods run, a process with the arguments and the service account that
/// the Pod would have. Disposing uninstalls the chart.
/// </summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string Namespace = "wayleave-system";

    private const string Name = "wayleave-operator";

    private readonly K3sCluster _cluster;
    private OperatorProcess? _process;
    private bool _isInstalled = true;

    private Installation(K3sCluster cluster) => _cluster = cluster;

    /// <summary>Returns when the operator is ready.</summary>
    /// <param name="values">Chart values, such as <c>replicas=2</c>.</param>
    public static async Task<Installation> InstallAsync(K3sCluster cluster, params IReadOnlyList<string> values)
    {
        var installation = new Installation(cluster);
        try
        {
            await cluster.ApplyAsync(Shop.NamespaceYaml(Namespace));
            await installation.HelmAsync(["install", "wayleave", Checkout.Chart, $"--set=image.repository={OperatorImage.Repository}", .. Sets(values)]);
            await installation.RunAsync();
            return installation;
        }
        catch
        {
            await installation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Returns when the operator with the old values is gone and the one with the new values is ready.</summary>
    public async Task UpgradeAsync(params IReadOnlyList<string> values)
    {
        await StopAsync();
        await HelmAsync(["upgrade", "wayleave", Checkout.Chart, "--reuse-values", .. Sets(values)]);
        await RunAsync();
    }

    public async Task UninstallAsync()
    {
        await StopAsync();
        await HelmAsync(["uninstall", "wayleave"]);
        _isInstalled = false;
        await Poll.UntilAsync("the Pods to go", async _ => (await PodsAsync()).Length == 0, Poll.Patience, default);
    }

    /// <summary>The objects that the chart or the operator left, as <c>kind/name</c>, without those that Kubernetes creates in every namespace.</summary>
    public async Task<IReadOnlyList<string>> LeftAsync()
    {
        var kinds = Lines(await _cluster.KubectlAsync("api-resources", "--verbs=list", "--namespaced", "--output=name"))
            .Where(kind => !kind.StartsWith("events", StringComparison.Ordinal) && !kind.Contains("metrics.k8s.io", StringComparison.Ordinal));
        var names = Lines(await _cluster.KubectlAsync("get", string.Join(',', kinds), $"--namespace={Namespace}", "--output=name"));
        var global = Lines(await _cluster.KubectlAsync("get", "clusterroles,clusterrolebindings", "--selector=app.kubernetes.io/instance=wayleave", "--output=name"));
        return
        [
            .. names.Where(name => !name.Contains("/default", StringComparison.Ordinal) && !name.EndsWith("/kube-root-ca.crt", StringComparison.Ordinal)),
            .. global,
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_isInstalled)
        {
            // Ignore a failure here: it would hide the failure of the test.
            await _cluster.Plane.HelmAsync(["uninstall", "wayleave", $"--namespace={Namespace}", "--wait", "--timeout=90s"]);
        }
    }

    private static IEnumerable<string> Sets(IEnumerable<string> values) => values.Select(value => $"--set={value}");

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    // Helm waits for Pods only where they can run.
    private async Task HelmAsync(IReadOnlyList<string> arguments) => (await _cluster.Plane.HelmAsync(
        [.. arguments, $"--namespace={Namespace}", "--timeout=120s", .. _cluster.RunsPods ? ["--wait"] : Array.Empty<string>()])).EnsureSuccess();

    private async Task RunAsync()
    {
        if (_cluster.RunsPods)
        {
            await Poll.UntilAsync("the old Pod to go", async _ => (await PodsAsync()).Length == 1, Poll.Patience, default);
            return;
        }

        var arguments = JsonSerializer.Deserialize<string[]>(await _cluster.KubectlAsync(
            "get", "deployment", Name, $"--namespace={Namespace}", "--output=jsonpath={.spec.template.spec.containers[0].args}"))!;
        var token = await _cluster.KubectlAsync("create", "token", Name, $"--namespace={Namespace}", "--duration=1h");
        var account = new ServiceAccount($"system:serviceaccount:{Namespace}:{Name}", token);
        _process = await OperatorProcess.StartAsync(
            await account.WriteKubeconfigAsync(_cluster.Plane), new OperatorSettings { Arguments = [.. arguments.Where(argument => !argument.Contains("-port=", StringComparison.Ordinal))] });
        await _process.WaitUntilReadyAsync();
    }

    private async Task StopAsync()
    {
        if (_process is not null)
        {
            await _process.StopAsync();
            await _process.DisposeAsync();
            _process = null;
        }
    }

    // Where no Pods run, the Pods of the Deployment stay pending and are deleted at once.
    private async Task<string[]> PodsAsync() => Lines(await _cluster.KubectlAsync(
        "get", "pods", $"--namespace={Namespace}", "--selector=app.kubernetes.io/name=wayleave", "--output=name"));
}
