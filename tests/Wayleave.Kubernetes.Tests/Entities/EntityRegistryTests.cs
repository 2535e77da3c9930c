using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Tests.Entities;

public sealed class EntityRegistryTests
{
    [Fact]
    public void Returns_the_group_version_and_plural_of_an_added_kind()
    {
        var registry = EntityRegistry.Create().Add<V1ConfigMap>().Add<V1NetworkPolicy>();

        registry.Get<V1ConfigMap>().GroupVersion.ShouldBe("v1");
        registry.Get<V1NetworkPolicy>().GroupVersion.ShouldBe("networking.k8s.io/v1");
        registry.Get<V1NetworkPolicy>().Entity.PluralName.ShouldBe("networkpolicies");
    }

    [Fact]
    public void Adding_a_kind_leaves_the_original_registry_unchanged()
    {
        var registry = EntityRegistry.Create().Add<V1ConfigMap>();

        Should.Throw<InvalidOperationException>(() => EntityRegistry.Create().Get<V1ConfigMap>()).Message.ShouldContain("V1ConfigMap is not in the registry");
        registry.Add<V1ConfigMap>().Get<V1ConfigMap>().ShouldBe(registry.Get<V1ConfigMap>());
    }

    [Fact]
    public void Rejects_a_class_without_the_KubernetesEntity_attribute()
    {
        Should.Throw<InvalidOperationException>(() => EntityRegistry.Create().Add<Unattributed>()).Message.ShouldContain("[KubernetesEntity]");
    }

    [Fact]
    public void Rejects_a_kind_without_a_resource_name_unless_one_is_given()
    {
        Should.Throw<InvalidOperationException>(() => EntityRegistry.Create().Add<V1SelfSubjectAccessReview>()).Message.ShouldContain("a resource name");
        EntityRegistry.Create().Add<V1SelfSubjectAccessReview>(plural: "selfsubjectaccessreviews").Get<V1SelfSubjectAccessReview>().GetPath(null)
            .ShouldBe("apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
    }

    [Fact]
    public void Rejects_a_class_that_no_JSON_context_knows()
    {
        Should.Throw<InvalidOperationException>(() => EntityRegistry.Create().Add<Unknown>()).Message.ShouldContain("[JsonSerializable]");
    }

    [Theory]
    [InlineData(null, null, null, "apis/networking.k8s.io/v1/networkpolicies")]
    [InlineData("", null, null, "apis/networking.k8s.io/v1/networkpolicies")]
    [InlineData("shop", null, null, "apis/networking.k8s.io/v1/namespaces/shop/networkpolicies")]
    [InlineData("shop", "a", null, "apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/a")]
    [InlineData("shop", "a", "status", "apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/a/status")]
    [InlineData("a/b", "c?d#e", null, "apis/networking.k8s.io/v1/namespaces/a%2Fb/networkpolicies/c%3Fd%23e")]
    public void Builds_and_escapes_the_path_of_a_collection_object_or_subresource(string? @namespace, string? name, string? subresource, string path)
    {
        EntityRegistry.Create().Add<V1NetworkPolicy>().Get<V1NetworkPolicy>().GetPath(@namespace, name, subresource).ShouldBe(path);
    }

    [Fact]
    public void Formats_a_key_as_namespace_slash_name_or_as_the_name_alone()
    {
        new NamespacedName("shop", "cart").ToString().ShouldBe("shop/cart");
        NamespacedName.From(new V1Namespace { Metadata = new() { Name = "shop" } }).ToString().ShouldBe("shop");
    }

    private sealed class Unattributed : IKubernetesObject<V1ObjectMeta>
    {
        public string? ApiVersion { get; set; }

        public string? Kind { get; set; }

        public V1ObjectMeta Metadata { get; set; } = new();
    }

    [KubernetesEntity(Group = "example.test", Kind = "Unknown", PluralName = "unknowns")]
    private sealed class Unknown : IKubernetesObject<V1ObjectMeta>
    {
        public string? ApiVersion { get; set; }

        public string? Kind { get; set; }

        public V1ObjectMeta Metadata { get; set; } = new();
    }
}
