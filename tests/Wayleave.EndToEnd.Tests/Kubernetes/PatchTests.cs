using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>Patches, and writes of a status.</summary>
[Collection(LayerCollection.Name)]
public sealed class PatchTests(LayerCluster cluster)
{
    private readonly KubernetesClient _client = cluster.Client.Kubernetes;

    [Fact]
    public async Task Returns_a_NetworkPolicy_as_it_was_created()
    {
        var @namespace = await cluster.NewNamespaceAsync();

        var created = await _client.CreateAsync(Policy(@namespace, "a"), default);

        created.Spec!.Ingress!.ShouldHaveSingleItem().Ports!.Select(port => port.Port!.Value.ToString()).ShouldBe(["80", "http"]);
        created.Spec.PodSelector!.MatchLabels!["app"].ShouldBe("a");
        created.Metadata.Generation.ShouldBe(1);
    }

    [Fact]
    public async Task Replaces_the_whole_member_that_is_set()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var created = await _client.CreateAsync(Policy(@namespace, "a"), default);
        var spec = new V1NetworkPolicySpec { PodSelector = new V1LabelSelector { MatchLabels = Labels("tier", "b") }, PolicyTypes = ["Egress"] };
        var patch = new JsonPatch(created.Metadata.ResourceVersion)
            .Set("/metadata/labels", Labels("k", "1"), PartialObjectJson.Default.DictionaryStringString)
            .Set("/spec", spec, LibraryObjectJson.Default.V1NetworkPolicySpec)
            .Build();

        var patched = await _client.PatchAsync<V1NetworkPolicy>("a", @namespace, patch, default);

        patched.Spec!.PodSelector!.MatchLabels.ShouldBe(Labels("tier", "b"));
        (patched.Spec.Ingress is null, patched.Spec.PolicyTypes!.Single()).ShouldBe((true, "Egress"));
        patched.Metadata.Labels.ShouldBe(Labels("k", "1"));
    }

    [Fact]
    public async Task Fails_with_a_conflict_when_the_version_has_changed()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var created = await _client.CreateAsync(Policy(@namespace, "a"), default);
        var patch = new JsonPatch(created.Metadata.ResourceVersion)
            .Set("/metadata/labels", Labels("k", "1"), PartialObjectJson.Default.DictionaryStringString)
            .Build();
        await _client.PatchAsync<V1NetworkPolicy>("a", @namespace, patch, default);

        var error = await Should.ThrowAsync<KubernetesException>(() => _client.PatchAsync<V1NetworkPolicy>("a", @namespace, patch, default));

        error.IsConflict.ShouldBeTrue();
    }

    [Fact]
    public async Task Patches_the_status_and_leaves_the_spec()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var created = await _client.CreateAsync(Given.Widget(@namespace, "w", 5), default);

        var patched = await PatchStatusAsync(@namespace, created.Metadata.ResourceVersion);

        (patched.Spec!.Size, patched.Status!.Seen, patched.Metadata.Generation).ShouldBe((5, 1, created.Metadata.Generation));
    }

    [Fact]
    public async Task Leaves_the_other_fields_to_those_who_applied_them()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        await ApplyAsync(@namespace, "{team: a}");
        var applied = await _client.GetAsync<Widget>("w", @namespace, default);

        await PatchStatusAsync(@namespace, applied!.Metadata.ResourceVersion);
        await ApplyAsync(@namespace, "{}");

        (await _client.GetAsync<Widget>("w", @namespace, default))!.Metadata.Labels.ShouldBeNull();
    }

    [Fact]
    public async Task Never_patches_the_status_of_another_object_of_the_same_name()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var old = await _client.CreateAsync(Given.Widget(@namespace, "w", 5), default);
        await _client.DeleteAsync<Widget>("w", @namespace, null, default);
        await _client.CreateAsync(Given.Widget(@namespace, "w", 6), default);

        var error = await Should.ThrowAsync<KubernetesException>(() => PatchStatusAsync(@namespace, old.Metadata.ResourceVersion));

        error.IsConflict.ShouldBeTrue();
        (await _client.GetAsync<Widget>("w", @namespace, default))!.Status.ShouldBeNull();
    }

    [Fact]
    public async Task Creates_nothing_when_the_object_of_the_status_is_gone()
    {
        var @namespace = await cluster.NewNamespaceAsync();

        var error = await Should.ThrowAsync<KubernetesException>(() => PatchStatusAsync(@namespace, "1"));

        error.IsNotFound.ShouldBeTrue();
    }

    [Fact]
    public async Task Applies_a_status_under_a_field_manager_of_its_own()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var created = await _client.CreateAsync(Given.Widget(@namespace, "w", 5), default);
        var status = Given.Widget(@namespace, "w");
        status.Metadata.Uid = created.Metadata.Uid;
        status.Status = new WidgetStatus { Seen = 1 };

        var dry = await _client.ApplyStatusAsync(status, "second", dryRun: true, default);
        var after = await _client.GetAsync<Widget>("w", @namespace, default);
        var applied = await _client.ApplyStatusAsync(status, "second", dryRun: false, default);

        (dry.Status!.Seen, after!.Status).ShouldBe((1, null));
        (applied.Status!.Seen, applied.Spec!.Size).ShouldBe((1, 5));
    }

    private Task<Widget> PatchStatusAsync(string @namespace, string? version) => _client.PatchStatusAsync<Widget>(
        "w", @namespace, new JsonPatch(version).Set("/status", new WidgetStatus { Seen = 1 }, WidgetJson.Default.WidgetStatus).Build(), default);

    private async Task ApplyAsync(string @namespace, string labels)
    {
        var widget = $"{{apiVersion: layer.test/v1, kind: Widget, metadata: {{name: w, namespace: {@namespace}, labels: {labels}}}, spec: {{size: 5}}}}";
        (await cluster.Plane.KubectlAsync(["apply", "--server-side", "--validate=false", "--filename=-"], widget)).EnsureSuccess();
    }

    private static V1NetworkPolicy Policy(string @namespace, string name) => new()
    {
        Metadata = new() { Name = name, NamespaceProperty = @namespace },
        Spec = new V1NetworkPolicySpec
        {
            PodSelector = new V1LabelSelector { MatchLabels = Labels("app", name) },
            PolicyTypes = ["Ingress"],
            Ingress =
            [
                new V1NetworkPolicyIngressRule
                {
                    Ports = [new V1NetworkPolicyPort { Protocol = "TCP", Port = 80 }, new V1NetworkPolicyPort { Protocol = "TCP", Port = "http" }],
                },
            ],
        },
    };

    private static Dictionary<string, string> Labels(string key, string value) => new(StringComparer.Ordinal) { [key] = value };
}
