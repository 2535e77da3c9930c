using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Tests.Entities;

public sealed class EntityRegistryTests
{
    [Fact]
    public void A_kind_that_was_added_is_known_with_its_place_in_the_api()
    {
        var registry = EntityRegistry.Create().Add<V1ConfigMap>().Add<V1NetworkPolicy>();

        registry.Get<V1ConfigMap>().GroupVersion.ShouldBe("v1");
        registry.Get<V1NetworkPolicy>().GroupVersion.ShouldBe("networking.k8s.io/v1");
        registry.Get<V1NetworkPolicy>().Entity.PluralName.ShouldBe("networkpolicies");
    }

    [Fact]
    public void Adding_makes_another_registry_and_leaves_the_first_as_it_is()
    {
        var registry = EntityRegistry.Create().Add<V1ConfigMap>();

        Should.Throw<InvalidOperationException>(() => EntityRegistry.Create().Get<V1ConfigMap>()).Message.ShouldContain("V1ConfigMap is not in the registry");
        registry.Add<V1ConfigMap>().Get<V1ConfigMap>().ShouldBe(registry.Get<V1ConfigMap>());
    }

    [Fact]
    public void A_class_without_its_place_in_the_api_is_refused()
    {
        Should.Throw<InvalidOperationException>(() => EntityRegistry.Create().Add<Unplaced>()).Message.ShouldContain("[KubernetesEntity]");
    }

    [Fact]
    public void A_kind_without_a_resource_name_is_refused_unless_it_is_given_one()
    {
        Should.Throw<InvalidOperationException>(() => EntityRegistry.Create().Add<V1SelfSubjectAccessReview>()).Message.ShouldContain("a resource name");
        EntityRegistry.Create().Add<V1SelfSubjectAccessReview>(plural: "selfsubjectaccessreviews").Get<V1SelfSubjectAccessReview>().Path(null)
            .ShouldBe("apis/authorization.k8s.io/v1/selfsubjectaccessreviews");
    }

    [Fact]
    public void A_class_that_the_context_does_not_know_is_refused()
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
    public void A_path_leads_to_a_collection_an_object_or_a_part_of_it(string? @namespace, string? name, string? subresource, string path)
    {
        EntityRegistry.Create().Add<V1NetworkPolicy>().Get<V1NetworkPolicy>().Path(@namespace, name, subresource).ShouldBe(path);
    }

    [Fact]
    public void A_key_reads_as_people_write_it()
    {
        new NamespacedName("shop", "cart").ToString().ShouldBe("shop/cart");
        NamespacedName.Of(new V1Namespace { Metadata = new() { Name = "shop" } }).ToString().ShouldBe("shop");
    }

    private sealed class Unplaced : IKubernetesObject<V1ObjectMeta>
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
