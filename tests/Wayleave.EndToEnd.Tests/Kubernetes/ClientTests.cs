using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>The client's verbs, apart from apply.</summary>
[Collection(LayerCollection.Name)]
public sealed class ClientTests(LayerCluster cluster)
{
    private readonly KubernetesClient _client = cluster.Client.Kubernetes;

    [Fact]
    public async Task Creates_reads_patches_and_deletes_an_object()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var made = await _client.CreateAsync(Given.ConfigMap(@namespace, "a", ("k", "1")), default);
        made.Metadata.Uid.ShouldNotBeNullOrEmpty();
        (made.ApiVersion, made.Kind).ShouldBe(("v1", "ConfigMap"));

        var patch = new V1Patch("""{"data":{"l":"2"}}""", V1Patch.PatchType.MergePatch);
        await _client.PatchAsync<V1ConfigMap>("a", @namespace, patch, default);
        var read = await _client.GetAsync<V1ConfigMap>("a", @namespace, default);
        read!.Data.ShouldBe(new Dictionary<string, string> { ["k"] = "1", ["l"] = "2" });
        read.Metadata.ManagedFields!.Select(entry => entry.Manager).Distinct().ShouldBe(["layer-tests"]);

        (await _client.DeleteAsync<V1ConfigMap>("a", @namespace, null, default)).ShouldBeTrue();
        (await _client.DeleteAsync<V1ConfigMap>("a", @namespace, null, default)).ShouldBeFalse();
        (await _client.GetAsync<V1ConfigMap>("a", @namespace, default)).ShouldBeNull();
    }

    [Fact]
    public async Task Reports_a_conflict_when_the_object_already_exists()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        await _client.CreateAsync(Given.ConfigMap(@namespace, "a"), default);

        var error = await Should.ThrowAsync<KubernetesException>(() => _client.CreateAsync(Given.ConfigMap(@namespace, "a"), default));

        (error.IsConflict, error.Status.Reason).ShouldBe((true, "AlreadyExists"));
    }

    [Fact]
    public async Task Reports_the_reason_when_the_API_server_rejects_an_invalid_object()
    {
        var @namespace = await cluster.NewNamespaceAsync();

        var error = await Should.ThrowAsync<KubernetesException>(() => _client.CreateAsync(Given.ConfigMap(@namespace, "Not A Name"), default));

        error.Status.Reason.ShouldBe("Invalid");
        error.Message.ShouldContain("Not A Name");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Reports_a_conflict_and_keeps_the_object_when_delete_preconditions_fail(bool sameUid, bool sameVersion)
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var made = await _client.CreateAsync(Given.ConfigMap(@namespace, "a"), default);
        var preconditions = new V1Preconditions
        {
            Uid = sameUid ? made.Metadata.Uid : Guid.NewGuid().ToString(),
            ResourceVersion = sameVersion ? made.Metadata.ResourceVersion : "1",
        };

        var error = await Should.ThrowAsync<KubernetesException>(() => _client.DeleteAsync<V1ConfigMap>("a", @namespace, preconditions, default));

        error.IsConflict.ShouldBeTrue();
        (await _client.GetAsync<V1ConfigMap>("a", @namespace, default)).ShouldNotBeNull();
    }

    [Fact]
    public async Task Deletes_the_object_when_the_preconditions_hold()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        var made = await _client.CreateAsync(Given.ConfigMap(@namespace, "a"), default);
        var preconditions = new V1Preconditions { Uid = made.Metadata.Uid, ResourceVersion = made.Metadata.ResourceVersion };

        (await _client.DeleteAsync<V1ConfigMap>("a", @namespace, preconditions, default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Lists_in_pages_and_filters_by_label_selector()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        foreach (var name in new[] { "a", "b", "c", "d", "e" })
        {
            var map = Given.ConfigMap(@namespace, name);
            map.Metadata.Labels = new Dictionary<string, string>(StringComparer.Ordinal) { ["vowel"] = name is "a" or "e" ? "yes" : "no" };
            await _client.CreateAsync(map, default);
        }

        var names = new List<string>();
        var options = new ListOptions { Namespace = @namespace, Limit = 2 };
        var pages = 0;
        do
        {
            var page = await _client.ListAsync<V1ConfigMap>(options, default);
            names.AddRange(page.Items.Select(map => map.Metadata.Name!));
            options = options with { ContinueToken = page.Metadata.ContinueProperty };
            pages++;
        }
        while (!string.IsNullOrEmpty(options.ContinueToken));

        names.Where(name => name.Length == 1).ShouldBe(["a", "b", "c", "d", "e"]);
        pages.ShouldBeGreaterThanOrEqualTo(3);
        var vowels = await _client.ListAsync<V1ConfigMap>(new ListOptions { Namespace = @namespace, LabelSelector = "vowel in (yes)" }, default);
        vowels.Items.Select(map => map.Metadata.Name).ShouldBe(["a", "e"]);
    }

    [Fact]
    public async Task Lists_metadata_only()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        await _client.CreateAsync(Given.ConfigMap(@namespace, "a", ("k", "1")), default);
        await _client.CreateAsync(Given.Widget(@namespace, "b", 5), default);

        var maps = await _client.ListAsync<V1ConfigMap>(new ListOptions { Namespace = @namespace, MetadataOnly = true }, default);
        var widgets = await _client.ListAsync<Widget>(new ListOptions { Namespace = @namespace, MetadataOnly = true }, default);

        maps.Items.ShouldContain(map => map.Metadata.Name == "a");
        maps.Items.ShouldAllBe(map => map.Data == null && map.Metadata.Uid != null);
        widgets.Items.ShouldHaveSingleItem().Spec.ShouldBeNull();
    }

    [Fact]
    public async Task Knows_which_kinds_the_API_server_serves()
    {
        (await _client.IsServedAsync<V1ConfigMap>(default)).ShouldBeTrue();
        (await _client.IsServedAsync<V1NetworkPolicy>(default)).ShouldBeTrue();
        (await _client.IsServedAsync<Widget>(default)).ShouldBeTrue();
        (await _client.IsServedAsync<UnservedWidget>(default)).ShouldBeFalse();
        var version = await _client.GetVersionAsync(default);
        version.GitVersion.ShouldStartWith($"v{version.Major}.");
        (await _client.IsServedAsync<PartialCronJob>(default)).ShouldBe(int.Parse(version.Minor!.TrimEnd('+'), null) >= 21);
    }

    [Fact]
    public async Task Fifty_concurrent_requests_share_one_connection()
    {
        await using var proxy = TcpProxy.Start(cluster.Plane.Server);
        using var client = await cluster.ConnectAsync(proxy);

        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => client.Kubernetes.ListAsync<V1Namespace>(new ListOptions(), default)));

        proxy.ConnectionCount.ShouldBe(1);
    }
}
