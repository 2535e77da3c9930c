using System.Text.Json;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Tests.Support;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Kubernetes.Tests.Client;

/// <summary>Method, path, query, headers and body of requests.</summary>
public sealed class KubernetesClientRequestTests(TestCertificates certificates) : IClassFixture<TestCertificates>
{
    private const string Map = """{"kind":"ConfigMap","apiVersion":"v1","metadata":{"name":"a","namespace":"shop","uid":"u","resourceVersion":"7"}}""";
    private const string Maps = """{"kind":"ConfigMapList","apiVersion":"v1","metadata":{"resourceVersion":"9","continue":"more"},"items":[{"metadata":{"name":"a"}}]}""";

    [Fact]
    public async Task Get_requests_one_object_over_HTTP_2()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        var map = await api.Client.GetAsync<V1ConfigMap>("a", "shop", default);

        map.Text().ShouldBe("a@7");
        (api.Request.Method, api.Request.Path, api.Request.Query).ShouldBe(("GET", "/api/v1/namespaces/shop/configmaps/a", ""));
        (api.Request.Protocol, api.Request.Accept, api.Request.UserAgent).ShouldBe(("HTTP/2", "application/json", "wayleave"));
        api.Request.Authorization.ShouldBeNull();
    }

    [Fact]
    public async Task Get_uses_the_API_group_of_the_kind()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.GetAsync<V1NetworkPolicy>("a", "shop", default);

        api.Request.Path.ShouldBe("/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/a");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task Get_of_a_cluster_scoped_object_sends_no_namespace(string? @namespace)
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.GetAsync<V1Namespace>("shop", @namespace, default);

        api.Request.Path.ShouldBe("/api/v1/namespaces/shop");
    }

    [Fact]
    public async Task Prefixes_the_path_with_the_base_path_of_the_server()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map), new() { BasePath = "k8s/clusters/c-1/" });

        await api.Client.GetAsync<V1ConfigMap>("a", "shop", default);

        api.Request.Path.ShouldBe("/k8s/clusters/c-1/api/v1/namespaces/shop/configmaps/a");
    }

    [Fact]
    public async Task List_requests_a_page_and_returns_the_continue_token()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Maps));

        var page = await api.Client.ListAsync<V1ConfigMap>(
            new ListOptions { Namespace = "shop", LabelSelector = "a=b,c in (d,e)", Limit = 500, ContinueToken = "x&y" }, default);

        api.Request.Path.ShouldBe("/api/v1/namespaces/shop/configmaps");
        api.Request.Query.ShouldBe("?labelSelector=a%3Db%2Cc%20in%20%28d%2Ce%29&limit=500&continue=x%26y");
        (page.Metadata.ResourceVersion, page.Metadata.ContinueProperty, page.Items.Count).ShouldBe(("9", "more", 1));
    }

    [Fact]
    public async Task List_without_a_namespace_requests_all_namespaces()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Maps));

        await api.Client.ListAsync<V1ConfigMap>(new ListOptions(), default);

        (api.Request.Path, api.Request.Query).ShouldBe(("/api/v1/configmaps", ""));
    }

    [Fact]
    public async Task List_of_metadata_only_accepts_PartialObjectMetadataList()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Maps));

        await api.Client.ListAsync<V1ConfigMap>(new ListOptions { MetadataOnly = true }, default);

        api.Request.Accept.ShouldBe("application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1");
    }

    [Fact]
    public async Task Watch_requests_bookmarks_from_a_resource_version()
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
    public async Task Create_posts_to_the_collection_with_the_field_manager()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map, 201));

        (await api.Client.CreateAsync(Given.ConfigMap("a", version: null!), default)).Text().ShouldBe("a@7");

        (api.Request.Method, api.Request.Path, api.Request.Query).ShouldBe(("POST", "/api/v1/namespaces/shop/configmaps", "?fieldManager=wayleave&fieldValidation=Ignore"));
        api.Request.ContentType.ShouldBe("application/json; charset=utf-8");
        api.Request.Body.ShouldBe("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"shop","uid":"uid-a"}}""");
    }

    [Fact]
    public async Task ApplyStatus_patches_the_subresource_with_force()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.ApplyStatusAsync(new V1Namespace { Metadata = new() { Name = "shop", Uid = "u" } }, "second", dryRun: false, default);

        (api.Request.Method, api.Request.Path, api.Request.Query).ShouldBe(("PATCH", "/api/v1/namespaces/shop/status", "?fieldManager=second&force=true&fieldValidation=Ignore"));
        api.Request.Body.ShouldBe("""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"shop","uid":"u"}}""");
    }

    [Fact]
    public async Task ApplyStatus_accepts_another_field_manager()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.ApplyStatusAsync(new V1Namespace { Metadata = new() { Name = "shop" } }, "wayleave-second", dryRun: false, default);

        api.Request.Query.ShouldBe("?fieldManager=wayleave-second&force=true&fieldValidation=Ignore");
    }

    [Fact]
    public async Task ApplyStatus_accepts_a_dry_run()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.ApplyStatusAsync(new V1Namespace { Metadata = new() { Name = "shop" } }, "wayleave", dryRun: true, default);

        api.Request.Query.ShouldBe("?fieldManager=wayleave&force=true&dryRun=All&fieldValidation=Ignore");
    }

    [Fact]
    public async Task PatchStatus_patches_the_subresource()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.PatchStatusAsync<V1Namespace>("shop", null, new V1Patch("{}", V1Patch.PatchType.MergePatch), default);

        (api.Request.Method, api.Request.Path, api.Request.Query)
            .ShouldBe(("PATCH", "/api/v1/namespaces/shop/status", "?fieldManager=wayleave&fieldValidation=Ignore"));
    }

    [Theory]
    [InlineData(V1Patch.PatchType.MergePatch, "application/merge-patch+json; charset=utf-8")]
    [InlineData(V1Patch.PatchType.JsonPatch, "application/json-patch+json; charset=utf-8")]
    [InlineData(V1Patch.PatchType.ApplyPatch, "application/apply-patch+yaml; charset=utf-8")]
    public async Task Patch_sends_its_body_with_the_content_type_of_the_patch(V1Patch.PatchType type, string contentType)
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Json(Map));

        await api.Client.PatchAsync<V1ConfigMap>("a", "shop", new V1Patch("""{"data":{"ä":"1"}}""", type), default);

        (api.Request.Method, api.Request.Path, api.Request.Query).ShouldBe(("PATCH", "/api/v1/namespaces/shop/configmaps/a", "?fieldManager=wayleave&fieldValidation=Ignore"));
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
    public async Task Escapes_names_in_the_path()
    {
        await using var api = await TestApi.StartAsync(certificates, Answer.Status(404, "NotFound", "no"));

        await api.Client.GetAsync<V1ConfigMap>("a/b?c", "../kube-system", default);

        api.Request.Path.ShouldStartWith("/api/v1/namespaces/");
        api.Request.Path.ShouldContain("%2F");
        api.Request.Query.ShouldBe("");
    }
}
