using System.Text.Json;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Client;

/// <summary>What the client asks, byte for byte.</summary>
public sealed class KubernetesClientRequestTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    private const string Map = """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"shop","uid":"u","resourceVersion":"7"}}""";
    private const string Maps = """{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"9","continue":"more"},"items":[{"metadata":{"name":"a"}}]}""";

    [Fact]
    public async Task Get_asks_for_one_object_over_http_2()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        var map = await api.Client.GetAsync<V1ConfigMap>("a", "shop", default);

        map.Text().ShouldBe("a@7");
        (api.Request.Method, api.Request.Path, api.Request.Query).ShouldBe(("GET", "/api/v1/namespaces/shop/configmaps/a", ""));
        (api.Request.Protocol, api.Request.Accept, api.Request.UserAgent).ShouldBe(("HTTP/2", "application/json", "wayleave"));
        api.Request.Authorization.ShouldBeNull();
    }

    [Fact]
    public async Task Get_asks_in_the_group_of_the_kind()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.GetAsync<V1NetworkPolicy>("a", "shop", default);

        api.Request.Path.ShouldBe("/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/a");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Get_of_a_cluster_scoped_object_names_no_namespace(string? @namespace)
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.GetAsync<V1Namespace>("shop", @namespace, default);

        api.Request.Path.ShouldBe("/api/v1/namespaces/shop");
    }

    [Fact]
    public async Task A_base_path_of_the_server_comes_first()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map), new() { BasePath = "k8s/clusters/c-1/" });

        await api.Client.GetAsync<V1ConfigMap>("a", "shop", default);

        api.Request.Path.ShouldBe("/k8s/clusters/c-1/api/v1/namespaces/shop/configmaps/a");
    }

    [Fact]
    public async Task List_asks_for_a_page_and_gives_the_token_of_the_next()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Maps));

        var page = await api.Client.ListAsync<V1ConfigMap>(
            new ListOptions { Namespace = "shop", LabelSelector = "a=b,c in (d,e)", Limit = 500, ContinueToken = "x&y" }, default);

        api.Request.Path.ShouldBe("/api/v1/namespaces/shop/configmaps");
        api.Request.Query.ShouldBe("?labelSelector=a%3Db%2Cc%20in%20%28d%2Ce%29&limit=500&continue=x%26y");
        (page.Metadata.ResourceVersion, page.Metadata.ContinueProperty, page.Items.Count).ShouldBe(("9", "more", 1));
    }

    [Fact]
    public async Task List_without_a_namespace_asks_for_all()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Maps));

        await api.Client.ListAsync<V1ConfigMap>(new ListOptions(), default);

        (api.Request.Path, api.Request.Query).ShouldBe(("/api/v1/configmaps", ""));
    }

    [Fact]
    public async Task List_of_metadata_alone_says_so()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Maps));

        await api.Client.ListAsync<V1ConfigMap>(new ListOptions { MetadataOnly = true }, default);

        api.Request.Accept.ShouldBe("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
    }

    [Fact]
    public async Task Watch_asks_for_bookmarks_from_a_version()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(""));
        var options = new ListOptions { Namespace = "shop", ResourceVersion = "12", Timeout = TimeSpan.FromMinutes(5), MetadataOnly = true };

        await foreach (var change in api.Client.WatchAsync<V1ConfigMap>(options, default))
        {
            Assert.Fail($"{change}");
        }

        api.Request.Query.ShouldBe("?watch=true&allowWatchBookmarks=true&resourceVersion=12&timeoutSeconds=300");
        api.Request.Accept.ShouldBe("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1");
    }

    [Fact]
    public async Task Create_posts_an_object_without_metadata()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json("""{"status":{"allowed":true}}"""));

        var review = await api.Client.CreateAsync(new V1SelfSubjectAccessReview { Spec = new V1SelfSubjectAccessReviewSpec() }, default);

        review.Status.Allowed.ShouldBeTrue();
        api.Request.Path.ShouldStartWith("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
    }

    [Fact]
    public async Task Create_posts_to_the_collection_under_the_field_manager()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map, 201));

        (await api.Client.CreateAsync(Given.ConfigMap("a", version: null!), default)).Text().ShouldBe("a@7");

        (api.Request.Method, api.Request.Path, api.Request.Query).ShouldBe(("POST", "/api/v1/namespaces/shop/configmaps", "?fieldManager=wayleave"));
        api.Request.ContentType.ShouldBe("application/json; charset=utf-8");
        api.Request.Body.ShouldBe("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"shop","uid":"uid-a"}}""");
    }

    [Fact]
    public async Task Apply_of_a_status_goes_to_the_subresource_by_force()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.ApplyStatusAsync(new V1Namespace { Metadata = new() { Name = "shop", Uid = "u" } }, "second", dryRun: false, default);

        (api.Request.Method, api.Request.Path, api.Request.Query).ShouldBe(("PATCH", "/api/v1/namespaces/shop/status", "?fieldManager=second&force=true"));
        api.Request.Body.ShouldBe("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop","uid":"u"}}""");
    }

    [Fact]
    public async Task Apply_of_a_status_may_be_under_another_field_manager()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.ApplyStatusAsync(new V1Namespace { Metadata = new() { Name = "shop" } }, "wayleave-second", dryRun: false, default);

        api.Request.Query.ShouldBe("?fieldManager=wayleave-second&force=true");
    }

    [Fact]
    public async Task Apply_of_a_status_may_be_a_dry_run()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.ApplyStatusAsync(new V1Namespace { Metadata = new() { Name = "shop" } }, "wayleave", dryRun: true, default);

        api.Request.Query.ShouldBe("?fieldManager=wayleave&force=true&dryRun=All");
    }

    [Theory]
    [InlineData(V1Patch.PatchType.MergePatch, "application/merge-patch+json; charset=utf-8")]
    [InlineData(V1Patch.PatchType.JsonPatch, "application/json-patch+json; charset=utf-8")]
    [InlineData(V1Patch.PatchType.ApplyPatch, "application/apply-patch+yaml; charset=utf-8")]
    public async Task Patch_sends_what_it_is_given_as_what_it_is(V1Patch.PatchType type, string contentType)
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.PatchAsync<V1ConfigMap>("a", "shop", new V1Patch("""{"data":{"ä":"1"}}""", type), default);

        (api.Request.Method, api.Request.Path, api.Request.Query).ShouldBe(("PATCH", "/api/v1/namespaces/shop/configmaps/a", "?fieldManager=wayleave"));
        (api.Request.ContentType, api.Request.Body).ShouldBe((contentType, """{"data":{"ä":"1"}}"""));
    }

    [Fact]
    public async Task Delete_sends_its_preconditions()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json("""{"kind":"Status","status":"Success"}"""));

        (await api.Client.DeleteAsync<V1ConfigMap>("a", "shop", new V1Preconditions { Uid = "u", ResourceVersion = "7" }, default)).ShouldBeTrue();

        (api.Request.Method, api.Request.Path, api.Request.Query).ShouldBe(("DELETE", "/api/v1/namespaces/shop/configmaps/a", ""));
        JsonDocument.Parse(api.Request.Body).RootElement.GetProperty("preconditions").ToString().ShouldBe("""{"resourceVersion":"7","uid":"u"}""");
    }

    [Fact]
    public async Task Names_are_escaped_so_that_none_leads_elsewhere()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Status(404, "NotFound", "no"));

        await api.Client.GetAsync<V1ConfigMap>("a/b?c", "../kube-system", default);

        api.Request.Path.ShouldStartWith("/api/v1/namespaces/");
        api.Request.Path.ShouldContain("%2F");
        api.Request.Query.ShouldBe("");
    }
}
