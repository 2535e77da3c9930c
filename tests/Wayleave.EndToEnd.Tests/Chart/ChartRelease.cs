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

    /// <summary>Of the release and of its namespace.</summary>
    public string Name { get; }

    public string ObjectName => $"{Name}-operator";

    /// <summary>Makes the namespace and installs nothing yet.</summary>
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

    /// <summary>Those requests that the operator's Pod may make.</summary>
    /// <param name="requests">Verb and resource, as <c>list nodes</c> or <c>get configmaps/NAME</c>; in the release's namespace.</param>
    public async Task<IReadOnlyList<string>> AllowedAsync(IReadOnlyList<string> requests)
    {
        var answers = await Task.WhenAll(requests.Select(MayAsync));
        return [.. requests.Where((_, index) => answers[index])];
    }

    public async ValueTask DisposeAsync()
    {
        // A test may have uninstalled it, and nothing depends on the rest being gone at once.
        await UninstallAsync();
        await _plane.KubectlAsync(["delete", "namespace", Name, "--wait=false"]);
    }

    private async Task<bool> MayAsync(string request)
    {
        var user = $"--as=system:serviceaccount:{Name}:{ObjectName}";
        var answer = await _plane.KubectlAsync(["auth", "can-i", .. request.Split(' '), user, $"--namespace={Name}"]);
        return answer.Output.Trim() switch
        {
            "yes" => true,
            "no" => false,
            _ => throw new InvalidOperationException(answer.Error),
        };
    }
}
