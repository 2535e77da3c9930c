using System.Globalization;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.OneNode;

/// <summary>Installs the chart as a user does. Disposing uninstalls it and deletes the CRDs.</summary>
internal sealed class Installation(OneNodeCluster node) : IAsyncDisposable
{
    public const string Namespace = "wayleave-system";

    public const string Name = "wayleave-operator";

    private const string Image = "--set=image.repository=localhost/wayleave-operator";

    private readonly ControlPlane _plane = node.Cluster.ControlPlane;

    /// <summary>Returns when the Pod is ready.</summary>
    public async Task InstallAsync(string chart, params IReadOnlyList<string> arguments)
    {
        // An earlier test may have left the namespace terminating.
        await KubectlAsync("wait", "--for=delete", $"namespace/{Namespace}", "--timeout=180s");
        (await HelmAsync(["install", "wayleave", chart, "--create-namespace", "--wait", "--timeout=90s", Image, .. arguments])).EnsureSuccess();
    }

    public Task InstallAsync() => InstallAsync(Checkout.Chart);

    /// <summary>Returns when the old Pods are gone.</summary>
    public async Task UpgradeAsync(params IReadOnlyList<string> arguments)
    {
        var before = await PodsAsync();
        (await HelmAsync(["upgrade", "wayleave", Checkout.Chart, "--wait", "--timeout=90s", Image, .. arguments])).EnsureSuccess();
        await Poll.UntilAsync("the old Pods to go", async _ => !(await PodsAsync()).Intersect(before).Any(), TimeSpan.FromSeconds(60), default);
    }

    public async Task<ProcessResult> UninstallAsync()
    {
        var result = (await HelmAsync(["uninstall", "wayleave", "--wait", "--timeout=90s"])).EnsureSuccess();
        await Poll.UntilAsync("the Pods to go", async _ => (await PodsAsync()).Count == 0, TimeSpan.FromSeconds(60), default);
        return result;
    }

    public Task<ProcessResult> HelmAsync(IReadOnlyList<string> arguments) => _plane.HelmAsync([.. arguments, $"--namespace={Namespace}"]);

    public async Task<string> KubectlAsync(params IReadOnlyList<string> arguments) => (await _plane.KubectlAsync(arguments)).EnsureSuccess().Output;

    /// <summary>The names of the operator's Pods, including terminating ones.</summary>
    public async Task<IReadOnlyList<string>> PodsAsync() => Lines(await KubectlAsync(
        "get", "pods", $"--namespace={Namespace}", "--selector=app.kubernetes.io/name=wayleave,app.kubernetes.io/component!=test", "--output=name"));

    /// <summary>The objects left in the operator's namespace, as <c>kind/name</c>, without those that Kubernetes creates in every namespace.</summary>
    public async Task<IReadOnlyList<string>> LeftAsync()
    {
        var kinds = Lines(await KubectlAsync("api-resources", "--verbs=list", "--namespaced", "--output=name")).Where(kind => !kind.StartsWith("events", StringComparison.Ordinal));
        var all = Lines(await KubectlAsync("get", string.Join(',', kinds), $"--namespace={Namespace}", "--output=name"));
        return [.. all.Where(name => !name.Contains("/default", StringComparison.Ordinal) && !name.EndsWith("/kube-root-ca.crt", StringComparison.Ordinal))];
    }

    /// <summary>Resident memory of a program of the image in bytes, as the kernel reports it.</summary>
    public static long ResidentMemory(string program = "wayleave-operator")
    {
        var process = Directory.EnumerateDirectories("/proc").First(folder => Runs(Path.Combine(folder, "cmdline"), program));
        var line = File.ReadLines(Path.Combine(process, "status")).First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }

    public async ValueTask DisposeAsync()
    {
        // Ignore failures: the test may have uninstalled the chart.
        await HelmAsync(["uninstall", "wayleave", "--wait"]);
        await _plane.KubectlAsync(["delete", "crd", "--all", "--timeout=60s"]);
        await _plane.KubectlAsync(["delete", "networkpolicies", "--all", "--all-namespaces"]);
        await _plane.KubectlAsync(["delete", "namespace", Namespace, "--timeout=60s"]);
    }

    private static bool Runs(string commandLine, string program) =>
        File.Exists(commandLine) && File.ReadAllText(commandLine).StartsWith($"/app/{program}\0", StringComparison.Ordinal);

    private static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
