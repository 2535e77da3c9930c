using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Tests.Policies;

public class PolicyMetadataReaderTests
{
    private static readonly PolicyOwner _owner = new(new string('a', 32));

    [Theory]
    [InlineData("Apply")]
    [InlineData("Update")]
    public void A_policy_with_our_label_and_mark_that_our_manager_wrote_is_ours(string operation)
    {
        var policy = Ours();
        policy.Metadata.ManagedFields = [new V1ManagedFieldsEntry { Manager = "wayleave", Operation = operation }];

        _owner.IsOurs(policy).ShouldBeTrue();
    }

    [Fact]
    public void A_policy_without_our_label_is_not_ours()
    {
        var policy = Ours();
        policy.Metadata.Labels![WayleaveLabels.ManagedBy] = "Helm";

        _owner.IsOurs(policy).ShouldBeFalse();
        _owner.MayUpdate(policy).ShouldBeTrue();
        _owner.IsOurs(new V1NetworkPolicy { Metadata = new() }).ShouldBeFalse();
        _owner.MayUpdate(new V1NetworkPolicy { Metadata = new() }).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Apply")]
    [InlineData("Update")]
    public void A_policy_that_someone_copied_is_not_ours(string operation)
    {
        var policy = Ours();
        policy.Metadata.ManagedFields = [new V1ManagedFieldsEntry { Manager = "kubectl", Operation = operation }];

        _owner.IsOurs(policy).ShouldBeFalse();
    }

    [Fact]
    public void A_policy_that_someone_edited_is_still_ours()
    {
        var policy = Ours();
        policy.Metadata.ManagedFields!.Insert(0, new V1ManagedFieldsEntry { Manager = "kubectl-edit", Operation = "Update" });

        _owner.IsOurs(policy).ShouldBeTrue();
    }

    [Theory]
    [InlineData("Deployment/shop/cart", SubjectType.Workload, "cart")]
    [InlineData("CronJob/shop/cart.v2", SubjectType.Workload, "cart.v2")]
    [InlineData("Service/shop/redis", SubjectType.Service, "redis")]
    public void Reads_the_subject_of_a_policy_from_its_annotation(string annotation, SubjectType type, string name) =>
        PolicyMetadataReader.ReadKey(Ours(annotation)).ShouldBe(new PolicyKey(type, "shop", name));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("//")]
    [InlineData("cart")]
    [InlineData("Deployment/shop")]
    [InlineData("Deployment/shop/")]
    [InlineData("Deployment/shop/cart/x")]
    [InlineData("deployment/shop/cart")]
    [InlineData("Secret/shop/cart")]
    [InlineData("Deployment/shop/../cart")]
    [InlineData("Deployment/SHOP/cart")]
    [InlineData("Deployment/shop/cart\n")]
    public void Finds_no_subject_in_an_invalid_annotation(string annotation) =>
        PolicyMetadataReader.ReadKey(Ours(annotation)).ShouldBeNull();

    [Fact]
    public void Finds_no_subject_in_another_namespace() =>
        PolicyMetadataReader.ReadKey(Ours("Deployment/kube-system/coredns")).ShouldBeNull();

    [Fact]
    public void The_subject_of_an_egress_policy_is_a_client_and_never_a_Service()
    {
        var policy = Ours();
        var service = Ours("Service/shop/redis");
        policy.Metadata.Labels![WayleaveLabels.Direction] = service.Metadata.Labels![WayleaveLabels.Direction] = WayleaveLabels.Egress;

        PolicyMetadataReader.ReadKey(policy).ShouldBe(new PolicyKey(SubjectType.Client, "shop", "cart"));
        PolicyMetadataReader.ReadKey(service).ShouldBeNull();
    }

    [Theory]
    [InlineData("wayleave-deployment-cart-ingress", SubjectType.Workload, "cart")]
    [InlineData("wayleave-cronjob-cart-v2-egress", SubjectType.Client, "cart-v2")]
    [InlineData("wayleave-service-redis-ingress", SubjectType.Service, "redis")]
    public void Reads_the_subject_from_the_policy_name_when_annotation_and_direction_are_invalid(string name, SubjectType type, string subject)
    {
        var policy = Ours("nonsense");
        policy.Metadata.Name = name;
        policy.Metadata.Labels![WayleaveLabels.Direction] = "sideways";

        PolicyMetadataReader.ReadKey(policy).ShouldBe(new PolicyKey(type, "shop", subject));
    }

    [Theory]
    [InlineData("wayleave-secret-cart-ingress")]
    [InlineData("wayleave-service-redis-egress")]
    [InlineData("wayleave-deployment-ingress")]
    [InlineData("wayleave-deployment-cart")]
    [InlineData("other-deployment-cart-ingress")]
    public void Finds_no_subject_in_a_policy_name_that_the_operator_does_not_use(string name)
    {
        var policy = Ours("nonsense");
        policy.Metadata.Name = name;

        PolicyMetadataReader.ReadKey(policy).ShouldBeNull();
    }

    [Fact]
    public void Finds_no_subject_without_a_valid_direction()
    {
        var policy = Ours();
        policy.Metadata.Labels![WayleaveLabels.Direction] = "sideways";

        PolicyMetadataReader.ReadKey(policy).ShouldBeNull();
        PolicyMetadataReader.ReadKey(new V1NetworkPolicy { Metadata = new() }).ShouldBeNull();
    }

    [Fact]
    public void Finds_the_subject_of_a_policy_from_the_builder()
    {
        var server = new PolicySubject(PolicySubject.Service, "shop", "redis", Given.Selector(("app", "redis")));

        PolicyMetadataReader.ReadKey(NetworkPolicyBuilder.Ingress(server, []))
            .ShouldBe(new PolicyKey(SubjectType.Service, "shop", "redis"));
    }

    private static V1NetworkPolicy Ours(string annotation = "Deployment/shop/cart") => new()
    {
        Metadata = new V1ObjectMeta
        {
            NamespaceProperty = "shop",
            Labels = new Dictionary<string, string>() { [WayleaveLabels.ManagedBy] = "wayleave", [WayleaveLabels.Direction] = WayleaveLabels.Ingress },
            Annotations = new Dictionary<string, string>() { [WayleaveLabels.Workload] = annotation, [WayleaveLabels.Installation] = _owner.Installation },
            ManagedFields = [new V1ManagedFieldsEntry { Manager = "wayleave", Operation = "Apply" }],
        },
    };
}
