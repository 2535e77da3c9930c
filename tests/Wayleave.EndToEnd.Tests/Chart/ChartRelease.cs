using System.Text.Json;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>An installation of the chart in a namespace of its own, without the resource definitions, which only one can own.</summary>
internal sealed class ChartRelease : IAsyncDisposable
{
    private readonly ControlPlane _plane;

    private ChartRelease(ControlPlane plane, string name)
    {
        _plane = plane;
        Name = name;
    }

    /// <summary>The name of the release and of its namespace.</summary>
    public string Name { get; }

    public string ObjectName => $"{Name}-operator";

    /// <summary>Creates the namespace and installs nothing yet.</summary>
    public static async Task<ChartRelease> CreateAsync(ControlPlane plane)
    {
        var release = new ChartRelease(plane, $"wayleave-{Guid.NewGuid():N}"[..17]);
        (await plane.KubectlAsync(["create", "namespace", release.Name])).EnsureSuccess();
        return release;
    }

    public Task<ProcessResult> InstallAsync(params IReadOnlyList<string> arguments) =>
        _plane.HelmAsync(["install", Name, Checkout.Chart, $"--namespace={Name}", $"--set={ChartCluster.NoDefinitions}", .. arguments]);

    public Task<ProcessResult> UpgradeAsync(params IReadOnlyList<string> arguments) =>
        _plane.HelmAsync(["upgrade", Name, Checkout.Chart, $"--namespace={Name}", $"--set={ChartCluster.NoDefinitions}", .. arguments]);

    public Task<ProcessResult> UninstallAsync() => _plane.HelmAsync(["uninstall", Name, $"--namespace={Name}"]);

    /// <summary>All that the release owns outside and inside its namespace, as <c>kind/name</c>, in order.</summary>
    public async Task<IReadOnlyList<string>> ObjectsAsync()
    {
        const string kinds = "deployments,serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings,configmaps,secrets,services";
        var list = await _plane.KubectlAsync(
        [
            "get", kinds, "--all-namespaces", $"--selector=app.kubernetes.io/instance={Name}",
            "--output=jsonpath={range .items[*]}{.kind}/{.metadata.name}{\"\\n\"}{end}",
        ]);
        return [.. list.EnsureSuccess().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
    }

    /// <summary>Selects the requests that the operator's Pod may make.</summary>
    /// <param name="requests">Verb and resource, as <c>list nodes</c> or <c>get configmaps/NAME</c>; in the release's namespace.</param>
    public async Task<IReadOnlyList<string>> AllowedAsync(IReadOnlyList<string> requests)
    {
        string[] ask =
        [
            "create", $"--as=system:serviceaccount:{Name}:{ObjectName}", "--validate=false", "--filename=-",
            "--output=jsonpath={.status.allowed}{\"\\n\"}",
        ];
        var reviews = JsonSerializer.Serialize(new { apiVersion = "v1", kind = "List", items = requests.Select(Review) });
        var answers = (await _plane.KubectlAsync(ask, reviews)).EnsureSuccess().Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(bool.Parse).ToList();
        answers.Count.ShouldBe(requests.Count);
        return [.. requests.Where((_, index) => answers[index])];
    }

    public async ValueTask DisposeAsync()
    {
        // A test may have uninstalled it, and nothing depends on the rest being gone at once.
        await UninstallAsync();
        await _plane.KubectlAsync(["delete", "namespace", Name, "--wait=false"]);
    }

    // One call of kubectl for all requests: "kubectl auth can-i" takes one at a time.
    private object Review(string request)
    {
        var parts = request.Split(' ');
        var target = parts[1].Split('/');
        var resource = target[0].Split('.', 2);
        return new
        {
            apiVersion = "authorization.k8s.io/v1",
            kind = "SelfSubjectAccessReview",
            spec = new
            {
                resourceAttributes = new
                {
                    @namespace = Name,
                    verb = parts[0],
                    group = resource.ElementAtOrDefault(1) ?? "",
                    resource = resource[0],
                    name = target.ElementAtOrDefault(1) ?? "",
                    subresource = parts.Skip(2).Select(option => option.Replace("--subresource=", "", StringComparison.Ordinal)).FirstOrDefault() ?? "",
                },
            },
        };
    }
}
