using System.Text.Json;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>Helm, the chart, and an API server to install it on. There is no kubelet, so Pods stay pending.</summary>
public sealed class ChartCluster : IAsyncLifetime
{
    public const string Release = "wayleave";

    public const string Namespace = "wayleave-system";

    public const string NoDefinitions = "crds.install=false";

    public ControlPlane Plane { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Plane = await ControlPlane.StartAsync();
        (await Plane.KubectlAsync(["apply", "--filename", Checkout.PathOf("crds")])).EnsureSuccess();
    }

    public async Task DisposeAsync() => await Plane.DisposeAsync();

    /// <summary>Renders the chart; a failure is in the result, not thrown.</summary>
    /// <param name="arguments">After the chart, such as <c>--set=replicas=2</c>.</param>
    public Task<ProcessResult> TryTemplateAsync(params IReadOnlyList<string> arguments) =>
        Plane.HelmAsync(["template", Release, Checkout.Chart, $"--namespace={Namespace}", .. arguments]);

    /// <summary>Renders the chart with values in place of its own, as <c>replicas=2</c>. Leaves the resource definitions out.</summary>
    public async Task<ChartRender> RenderAsync(params IReadOnlyList<string> values) =>
        new((await TryTemplateAsync(Sets([NoDefinitions, .. values]))).EnsureSuccess().Output);

    /// <summary>The notes that an install with these values prints.</summary>
    public async Task<string> NotesAsync(params IReadOnlyList<string> values)
    {
        string[] install = ["install", Release, Checkout.Chart, $"--namespace={Namespace}", "--dry-run=client", "--output=json"];
        var result = await Plane.HelmAsync([.. install, .. Sets(values)]);
        using var release = JsonDocument.Parse(result.EnsureSuccess().Output);
        return release.RootElement.GetProperty("info").GetProperty("notes").GetString()!;
    }

    internal static IReadOnlyList<string> Sets(IReadOnlyList<string> values) => [.. values.Select(value => $"--set={value}")];
}
