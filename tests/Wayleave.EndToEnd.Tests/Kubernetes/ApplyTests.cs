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
    public async Task The_first_apply_makes_the_object_and_the_same_again_changes_nothing()
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
    public async Task What_is_applied_no_longer_is_removed_and_what_others_added_stays()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        using var other = await cluster.ConnectAsync(fieldManager: "other");
        await _client.ApplyAsync(Given.ConfigMap(@namespace, "a", ("k", "1"), ("l", "1")), force: false, default);
        await other.Kubernetes.ApplyAsync(Given.ConfigMap(@namespace, "a", ("others", "1")), force: false, default);

        var result = await _client.ApplyAsync(Given.ConfigMap(@namespace, "a", ("k", "1")), force: false, default);

        result.Entity.Data.ShouldBe(new Dictionary<string, string> { ["k"] = "1", ["others"] = "1" }, ignoreOrder: true);
    }

    [Fact]
    public async Task A_field_that_another_owns_is_a_conflict_unless_taken_by_force()
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
    public async Task A_network_policy_comes_back_as_it_was_applied()
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
    public async Task A_status_is_applied_beside_the_spec()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var made = await _client.CreateAsync(Given.Widget(@namespace, "w", 5), default);
        var status = Given.Widget(@namespace, "w");
        status.Metadata.Uid = made.Metadata.Uid;
        status.Status = new WidgetStatus { Seen = 1 };

        var applied = await _client.ApplyStatusAsync(status, default);

        (applied.Spec!.Size, applied.Status!.Seen, applied.Metadata.Generation).ShouldBe((5, 1, made.Metadata.Generation));
        status.Spec = new WidgetSpec { Size = 99 };
        (await _client.ApplyStatusAsync(status, default)).Spec!.Size.ShouldBe(5, "the spec is not its business");
    }

    [Fact]
    public async Task The_status_of_a_namesake_is_never_written()
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
    public async Task The_status_of_what_is_gone_makes_nothing()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var status = Given.Widget(@namespace, "w");
        status.Status = new WidgetStatus { Seen = 1 };

        (await Should.ThrowAsync<KubernetesException>(() => _client.ApplyStatusAsync(status, default))).IsNotFound.ShouldBeTrue();
    }
}
