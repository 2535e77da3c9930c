using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>Server-side apply.</summary>
[Collection(LayerCollection.Name)]
public sealed class ApplyTests(LayerCluster cluster)
{
    private readonly KubernetesClient _client = cluster.Client.Kubernetes;

    [Fact]
    public async Task Creates_on_the_first_apply_and_updates_only_on_a_change()
    {
        var @namespace = await cluster.NewNamespaceAsync();

        var first = await _client.ApplyAsync(Given.ConfigMap(@namespace, "a", ("k", "1")), force: false, default);
        var again = await _client.ApplyAsync(Given.ConfigMap(@namespace, "a", ("k", "1")), force: false, default);
        var changed = await _client.ApplyAsync(Given.ConfigMap(@namespace, "a", ("k", "2")), force: false, default);

        (first.Created, again.Created, changed.Created).ShouldBe((true, false, false));
        again.Entity.Metadata.ResourceVersion.ShouldBe(first.Entity.Metadata.ResourceVersion);
        changed.Entity.Data!["k"].ShouldBe("2");
        (changed.Entity.Metadata.Uid, changed.Entity.Metadata.ResourceVersion == first.Entity.Metadata.ResourceVersion)
            .ShouldBe((first.Entity.Metadata.Uid, false));
    }

    [Fact]
    public async Task Removes_fields_that_are_no_longer_applied_and_keeps_fields_of_others()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        using var other = await cluster.ConnectAsync(fieldManager: "other");
        await _client.ApplyAsync(Given.ConfigMap(@namespace, "a", ("k", "1"), ("l", "1")), force: false, default);
        await other.Kubernetes.ApplyAsync(Given.ConfigMap(@namespace, "a", ("others", "1")), force: false, default);

        var result = await _client.ApplyAsync(Given.ConfigMap(@namespace, "a", ("k", "1")), force: false, default);

        result.Entity.Data.ShouldBe(new Dictionary<string, string> { ["k"] = "1", ["others"] = "1" }, ignoreOrder: true);
    }

    [Fact]
    public async Task Reports_a_conflict_for_a_field_of_another_manager_unless_forced()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        using var other = await cluster.ConnectAsync(fieldManager: "other");
        await other.Kubernetes.ApplyAsync(Given.ConfigMap(@namespace, "a", ("k", "theirs")), force: false, default);

        var error = await Should.ThrowAsync<KubernetesException>(
            () => _client.ApplyAsync(Given.ConfigMap(@namespace, "a", ("k", "ours")), force: false, default));
        error.IsConflict.ShouldBeTrue();
        error.Message.ShouldContain("other");
        (await _client.GetAsync<V1ConfigMap>("a", @namespace, default))!.Data!["k"].ShouldBe("theirs");

        var forced = await _client.ApplyAsync(Given.ConfigMap(@namespace, "a", ("k", "ours")), force: true, default);
        forced.Entity.Data!["k"].ShouldBe("ours");
    }

    [Fact]
    public async Task Returns_a_NetworkPolicy_as_it_was_applied()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var policy = new V1NetworkPolicy
        {
            Metadata = new() { Name = "a", NamespaceProperty = @namespace },
            Spec = new V1NetworkPolicySpec
            {
                PodSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string>(StringComparer.Ordinal) { ["app"] = "a" } },
                PolicyTypes = ["Ingress"],
                Ingress = [new V1NetworkPolicyIngressRule { Ports = [new V1NetworkPolicyPort { Protocol = "TCP", Port = 80 }, new V1NetworkPolicyPort { Protocol = "TCP", Port = "http" }] }],
            },
        };

        var applied = (await _client.ApplyAsync(policy, force: true, default)).Entity;

        applied.Spec!.Ingress!.ShouldHaveSingleItem().Ports!.Select(port => port.Port!.Value.ToString()).ShouldBe(["80", "http"]);
        applied.Spec.PodSelector!.MatchLabels!["app"].ShouldBe("a");
        applied.Metadata.Generation.ShouldBe(1);
    }

    [Fact]
    public async Task Applies_the_status_without_changing_the_spec()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var made = await _client.CreateAsync(Given.Widget(@namespace, "w", 5), default);
        var status = Given.Widget(@namespace, "w");
        status.Metadata.Uid = made.Metadata.Uid;
        status.Status = new WidgetStatus { Seen = 1 };

        var applied = await _client.ApplyStatusAsync(status, default);

        (applied.Spec!.Size, applied.Status!.Seen, applied.Metadata.Generation).ShouldBe((5, 1, made.Metadata.Generation));
        status.Spec = new WidgetSpec { Size = 99 };
        (await _client.ApplyStatusAsync(status, default)).Spec!.Size.ShouldBe(5, "an apply of the status must not change the spec");
    }

    [Fact]
    public async Task Does_not_write_the_status_of_a_new_object_with_the_same_name()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var old = await _client.CreateAsync(Given.Widget(@namespace, "w", 5), default);
        await _client.DeleteAsync<Widget>("w", @namespace, null, default);
        await _client.CreateAsync(Given.Widget(@namespace, "w", 6), default);
        var status = Given.Widget(@namespace, "w");
        status.Metadata.ResourceVersion = old.Metadata.ResourceVersion;
        status.Status = new WidgetStatus { Seen = 1 };

        (await Should.ThrowAsync<KubernetesException>(() => _client.ApplyStatusAsync(status, default))).IsConflict.ShouldBeTrue();

        (await _client.GetAsync<Widget>("w", @namespace, default))!.Status.ShouldBeNull();
    }

    [Fact]
    public async Task Reports_not_found_for_the_status_of_a_missing_object()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var status = Given.Widget(@namespace, "w");
        status.Status = new WidgetStatus { Seen = 1 };

        (await Should.ThrowAsync<KubernetesException>(() => _client.ApplyStatusAsync(status, default))).IsNotFound.ShouldBeTrue();
    }
}
