using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>The informer recovers from restarts, cut connections, and compaction, and its store is correct afterwards.</summary>
[Collection(LayerCollection.Name)]
public sealed class WatchSurvivalTests(LayerCluster cluster)
{
    [Fact]
    public async Task Stores_a_list_of_many_pages_and_all_later_changes()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        string[] names = [.. Enumerable.Range(10, 30).Select(number => $"m-{number}")];
        await Task.WhenAll(names.Select(name => MakeAsync(@namespace, name)));

        await using var maps = await WatchedMaps.StartAsync(cluster.Client, new InformerOptions<V1ConfigMap> { Namespace = @namespace, PageSize = 7 });
        await maps.UntilAsync(names);
        await DeleteAsync(@namespace, "m-20");
        await MakeAsync(@namespace, "z");

        await maps.UntilAsync([.. names.Except(["m-20"]), "z"]);
        await maps.UntilSeenAsync(names.Length, "m-20 -> ", " -> z");
    }

    [Fact]
    public async Task Sees_changes_made_after_the_API_server_restarts()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        await MakeAsync(@namespace, "a");
        await MakeAsync(@namespace, "b");
        await using var maps = await WatchedMaps.StartAsync(cluster.Client, Options(@namespace));
        await maps.UntilAsync("a", "b");

        await cluster.Plane.StopApiServerAsync();
        await cluster.Plane.StartApiServerAsync();
        await DeleteAsync(@namespace, "a");
        await MakeAsync(@namespace, "c");

        await maps.UntilAsync("b", "c");
        await maps.UntilSeenAsync(0, " -> a", " -> b", "a -> ", " -> c");
    }

    // Telemetry continues from that version.
    [Fact]
    public async Task The_error_of_a_watch_that_is_too_old_names_the_oldest_version_to_watch_from()
    {
        await cluster.Plane.StopApiServerAsync();
        await cluster.Plane.StartApiServerAsync();
        var @namespace = await cluster.NewNamespaceAsync();
        await MakeAsync(@namespace, "a");
        await DeleteAsync(@namespace, "a");

        var error = await Should.ThrowAsync<KubernetesException>(FirstAsync(@namespace, "1"));
        error.IsGone.ShouldBeTrue();
        var oldest = Regex.Match(error.Message, @"too old resource version: 1 \((?<oldest>\d+)\)$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Groups["oldest"].Value;

        await FirstAsync(@namespace, oldest);
    }

    [Fact]
    public async Task Resumes_without_a_relist_and_repeats_nothing_when_connections_are_cut()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        await using var proxy = TcpProxy.Start(cluster.Plane.Server);
        using var client = await cluster.ConnectAsync(proxy);
        await using var maps = await WatchedMaps.StartAsync(client, Options(@namespace));
        string[] names = [.. Enumerable.Range(100, 200).Select(number => $"m-{number}")];

        foreach (var some in names.Chunk(20))
        {
            var making = Task.WhenAll(some.Select(name => MakeAsync(@namespace, name)));
            proxy.CutAll();
            await making;
            await DeleteAsync(@namespace, some[0]);
        }

        await maps.UntilAsync([.. names.Where((_, index) => index % 20 != 0)]);
        maps.Lists.ShouldBe(1, "each watch resumed where the previous one was cut");
        await Poll.UntilAsync("all changes", _ => Task.FromResult(maps.Seen.Count(change => change.StartsWith(" -> ", StringComparison.Ordinal)) >= 200), Poll.Patience, default);
        var added = maps.Seen.Where(change => change.StartsWith(" -> ", StringComparison.Ordinal)).ToList();
        added.Count.ShouldBe(200);
        added.Distinct().Count().ShouldBe(200, "no object was added twice");
    }

    [Fact]
    public async Task Relists_after_410_and_reports_deleted_and_replaced_objects()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        await using var proxy = TcpProxy.Start(cluster.Plane.Server);
        using var client = await cluster.ConnectAsync(proxy);
        await Task.WhenAll(new[] { "kept", "deleted", "replaced" }.Select(name => MakeAsync(@namespace, name)));
        await using var maps = await WatchedMaps.StartAsync(client, Options(@namespace));
        await maps.UntilAsync("kept", "deleted", "replaced");
        await maps.UntilSeenAsync(0, " -> kept", " -> deleted", " -> replaced");

        proxy.Refuse();
        proxy.CutAll();
        await DeleteAsync(@namespace, "deleted");
        await DeleteAsync(@namespace, "replaced");
        await MakeAsync(@namespace, "replaced");
        await MakeAsync(@namespace, "made");
        await cluster.Plane.CompactAsync();
        await cluster.Plane.StopApiServerAsync();
        await cluster.Plane.StartApiServerAsync();

        // The API server's own cache begins here: an older version is gone.
        await MakeAsync(@namespace, "later");
        proxy.Accept();

        await maps.UntilAsync("kept", "replaced", "made", "later");
        maps.Lists.ShouldBe(2);
        await maps.UntilSeenAsync(3, "deleted -> ", "replaced -> ", " -> replaced", " -> made", " -> later");
    }

    [Fact]
    public async Task Reconnects_when_the_network_silently_drops_everything()
    {
        var @namespace = await cluster.NewNamespaceAsync();
        await using var proxy = TcpProxy.Start(cluster.Plane.Server);
        using var client = await cluster.ConnectAsync(proxy);
        await using var maps = await WatchedMaps.StartAsync(client, Options(@namespace));

        // There is no reset and no end of stream: only an unanswered ping shows the failure, after at most twenty seconds.
        proxy.Blackhole();
        await MakeAsync(@namespace, "unseen");
        await Poll.UntilAsync("a new connection", _ => Task.FromResult(proxy.ConnectionCount > 1), Poll.Patience, default);
        proxy.Accept();

        await maps.UntilAsync("unseen");
    }

    private static InformerOptions<V1ConfigMap> Options(string @namespace) =>
        new() { Namespace = @namespace, MaxBackoff = TimeSpan.FromSeconds(1) };

    private Task<V1ConfigMap> MakeAsync(string @namespace, string name) => cluster.Client.Kubernetes.CreateAsync(Given.ConfigMap(@namespace, name), default);

    private Task<bool> DeleteAsync(string @namespace, string name) => cluster.Client.Kubernetes.DeleteAsync<V1ConfigMap>(name, @namespace, null, default);

    // Controllers create ConfigMaps of their own in a namespace.
    private async Task<WatchEvent<V1ConfigMap>> FirstAsync(string @namespace, string version)
    {
        var query = new ListOptions { Namespace = @namespace, ResourceVersion = version, Timeout = TimeSpan.FromSeconds(20) };
        return await cluster.Client.Kubernetes.WatchAsync<V1ConfigMap>(query, CancellationToken.None).FirstAsync(change => change.Entity.Metadata.Name == "a");
    }
}
