using System.Reflection;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests.Chart;

/// <summary>The CustomResourceDefinitions that a release owns, on an API server that had none.</summary>
[Collection("ChartDefinitions")]
public sealed class ChartDefinitionsTests
{
    private const string Home = ChartCluster.Namespace;

    private static readonly string[] Definitions =
    [
        .. typeof(ClientIntents).Assembly.GetTypes()
            .Select(type => type.GetCustomAttribute<KubernetesEntityAttribute>())
            .OfType<KubernetesEntityAttribute>()
            .Select(kind => $"{kind.PluralName}.{kind.Group}")
            .Order(StringComparer.Ordinal),
    ];

    [Fact]
    public async Task A_release_installs_upgrades_and_keeps_its_definitions_unless_keep_is_false()
    {
        await using var cluster = await TestCluster.StartBareAsync();
        var older = await OlderChart.WriteAsync(cluster.ControlPlane.Directory);
        (await HelmAsync(cluster, "install", older, "--create-namespace")).EnsureSuccess();
        (await DefinitionsAsync(cluster)).ShouldBe(Definitions);
        (await SchemaAsync(cluster)).ShouldNotContain("\"clusters\"");
        await cluster.CreateNamespaceAsync("shop");
        await Poll.UntilAsync("the definitions to be served", token => TryApplyAsync(cluster, token), Poll.Patience, default);

        (await HelmAsync(cluster, "upgrade", Checkout.Chart)).EnsureSuccess();
        (await SchemaAsync(cluster)).ShouldContain("\"clusters\"");
        await Poll.UntilAsync("the new field to be taken", async token =>
        {
            await cluster.ApplyAsync(Yaml.In("{names: [local]}", Yaml.Intents("shop", "newer", "[{kubernetes: {name: cart}}]")), token);
            return (await cluster.Client.GetAsync<ClientIntents>("newer", "shop", token))!.Spec.Clusters is not null;
        }, Poll.Patience, default);
        (await cluster.Client.GetAsync<ClientIntents>("checkout", "shop", default))!.Spec.Targets.Count.ShouldBe(1);

        var uninstalled = (await HelmAsync(cluster, "uninstall")).EnsureSuccess();
        Definitions.ShouldAllBe(name => uninstalled.Output.Contains($"[CustomResourceDefinition] {name}", StringComparison.Ordinal));
        (await DefinitionsAsync(cluster)).ShouldBe(Definitions);
        (await cluster.Client.GetAsync<ClientIntents>("checkout", "shop", default)).ShouldNotBeNull();

        // The next install adopts them, and a release with crds.keep=false deletes them.
        (await HelmAsync(cluster, "install", Checkout.Chart, "--set=crds.keep=false")).EnsureSuccess();
        (await HelmAsync(cluster, "uninstall")).EnsureSuccess();
        await Poll.UntilAsync("the definitions to go", async _ => (await DefinitionsAsync(cluster)).Count == 0, Poll.Patience, default);
    }

    [Fact]
    public async Task Applying_the_render_twice_server_side_changes_nothing()
    {
        await using var cluster = await TestCluster.StartBareAsync();
        await cluster.CreateNamespaceAsync(Home);
        string[] template = ["template", ChartCluster.Release, Checkout.Chart, $"--namespace={Home}", "--set=replicas=2"];
        var rendered = (await cluster.ControlPlane.HelmAsync(template)).EnsureSuccess().Output;
        string[] apply = ["apply", "--server-side", "--field-manager=gitops", "--filename=-", "--output=jsonpath={.kind}/{.metadata.name} {.metadata.resourceVersion} {.metadata.generation}"];

        // The API server itself writes to new objects: statuses of definitions, of the Deployment, and of the Pod.
        (await cluster.ControlPlane.KubectlAsync(apply, rendered)).EnsureSuccess();
        (await cluster.ControlPlane.KubectlAsync(["wait", "--for=condition=Established", "crd", "--all", "--timeout=30s"])).EnsureSuccess();
        await Poll.UntilAsync(
            "two applies with nothing in between",
            async token =>
            {
                var first = (await cluster.ControlPlane.KubectlAsync(apply, rendered, token)).EnsureSuccess().Output;
                return (await cluster.ControlPlane.KubectlAsync(apply, rendered, token)).EnsureSuccess().Output == first;
            },
            Poll.Patience,
            default);
    }

    private static async Task<bool> TryApplyAsync(TestCluster cluster, CancellationToken cancellationToken)
    {
        try
        {
            await cluster.ApplyAsync(Yaml.Intents("shop", "checkout", "[{kubernetes: {name: cart}}]"), cancellationToken);
            return true;
        }
        catch (HttpRequestException)
        {
            // Not served yet.
            return false;
        }
    }

    private static Task<ProcessResult> HelmAsync(TestCluster cluster, string verb, params IReadOnlyList<string> arguments) =>
        cluster.ControlPlane.HelmAsync([verb, ChartCluster.Release, $"--namespace={Home}", .. arguments]);

    private static async Task<IReadOnlyList<string>> DefinitionsAsync(TestCluster cluster) =>
        [.. (await cluster.ControlPlane.KubectlAsync(["get", "crd", "--output=jsonpath={.items[*].metadata.name}"])).EnsureSuccess().Output.Split(' ', StringSplitOptions.RemoveEmptyEntries)];

    private static async Task<string> SchemaAsync(TestCluster cluster) =>
        (await cluster.ControlPlane.KubectlAsync(["get", "crd", "clientintents.wayleave.dev", "--output=jsonpath={.spec.versions[0].schema.openAPIV3Schema.properties.spec.properties}"])).EnsureSuccess().Output;
}
