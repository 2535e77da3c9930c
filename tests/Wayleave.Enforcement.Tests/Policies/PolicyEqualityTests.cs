using System.Text.Json;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Tests.Policies;

public class PolicyEqualityTests
{
    private readonly V1NetworkPolicy _desired = Build();
    private readonly V1NetworkPolicy _actual = ReadBack(Build());

    [Fact]
    public void A_policy_that_was_written_and_read_back_matches() => PolicyEquality.Matches(_actual, _desired).ShouldBeTrue();

    [Fact]
    public void Ignores_fields_that_the_API_server_omits_or_fills_in()
    {
        _desired.Spec!.Ingress![2].Ports![0].Protocol = "TCP";
        _actual.Spec!.Ingress![2].Ports![0].Protocol = null;
        _actual.Spec.PodSelector!.MatchExpressions = [];
        _actual.Metadata.ResourceVersion = "7";

        PolicyEquality.Matches(_actual, _desired).ShouldBeTrue();
    }

    [Fact]
    public void An_empty_list_of_rules_equals_a_missing_list()
    {
        _desired.Spec!.Ingress = [];
        _actual.Spec!.Ingress = null;

        PolicyEquality.Matches(_actual, _desired).ShouldBeTrue();
    }

    [Fact]
    public void Ignores_labels_annotations_and_egress_rules_of_others()
    {
        _actual.Metadata.Labels!["team"] = "shop";
        _actual.Metadata.Annotations!["kubectl.kubernetes.io/last-applied-configuration"] = "{}";
        _actual.Spec!.Egress = [new V1NetworkPolicyEgressRule()];

        PolicyEquality.Matches(_actual, _desired).ShouldBeTrue();
    }

    public static TheoryData<string, Action<V1NetworkPolicy>> Edits => new()
    {
        { "our label is gone", policy => policy.Metadata.Labels!.Remove(WayleaveLabels.ManagedBy) },
        { "all labels are gone", policy => policy.Metadata.Labels = null },
        { "our annotation differs", policy => policy.Metadata.Annotations![WayleaveLabels.Workload] = "Pod/shop/cart" },
        { "the spec is gone", policy => policy.Spec = null },
        { "a selector has an extra label", policy => policy.Spec!.PodSelector!.MatchLabels!["tier"] = "web" },
        { "a selector has another label", policy => policy.Spec!.PodSelector!.MatchLabels!["app"] = "orders" },
        { "a selector is empty", policy => policy.Spec!.PodSelector!.MatchLabels = null },
        { "a selector has an expression", policy => policy.Spec!.PodSelector!.MatchExpressions = [new() { Key = "app", OperatorProperty = "Exists" }] },
        { "a direction was added", policy => policy.Spec!.PolicyTypes!.Add("Egress") },
        { "the direction differs", policy => policy.Spec!.PolicyTypes = ["Egress"] },
        { "a rule was added", policy => policy.Spec!.Ingress!.Add(new V1NetworkPolicyIngressRule()) },
        { "a rule was removed", policy => policy.Spec!.Ingress!.RemoveAt(1) },
        { "all rules are gone", policy => policy.Spec!.Ingress = null },
        { "the rule for own Pods was removed", policy => policy.Spec!.Ingress!.RemoveAt(0) },
        { "the rule for own Pods selects other Pods", policy => policy.Spec!.Ingress![0].FromProperty![0].PodSelector!.MatchLabels!["app"] = "orders" },
        { "the rule for own Pods selects every namespace", policy => policy.Spec!.Ingress![0].FromProperty![0].NamespaceSelector = new() },
        { "a peer was added", policy => policy.Spec!.Ingress![1].FromProperty!.Add(new() { PodSelector = new() }) },
        { "all peers are gone", policy => policy.Spec!.Ingress![1].FromProperty = null },
        { "a peer lost its namespace", policy => policy.Spec!.Ingress![1].FromProperty![0].NamespaceSelector = null },
        { "a peer has every namespace", policy => policy.Spec!.Ingress![1].FromProperty![0].NamespaceSelector = new() },
        { "a peer lost its pods", policy => policy.Spec!.Ingress![1].FromProperty![0].PodSelector = null },
        { "a peer has an address", policy => policy.Spec!.Ingress![1].FromProperty![0].IpBlock = new() { Cidr = "0.0.0.0/0" } },
        { "a port was added", policy => policy.Spec!.Ingress![2].Ports!.Add(new() { Port = 443 }) },
        { "all ports are gone", policy => policy.Spec!.Ingress![2].Ports = null },
        { "a port differs", policy => policy.Spec!.Ingress![2].Ports![0].Port = 81 },
        { "a port is a name", policy => policy.Spec!.Ingress![2].Ports![0].Port = "http" },
        { "a port is a range", policy => policy.Spec!.Ingress![2].Ports![0].EndPort = 90 },
        { "a protocol differs", policy => policy.Spec!.Ingress![2].Ports![0].Protocol = "UDP" },
    };

    [Theory]
    [MemberData(nameof(Edits), DisableDiscoveryEnumeration = true)]
    public void Detects_each_edit_of_a_field_that_the_operator_owns(string edit, Action<V1NetworkPolicy> change)
    {
        change(_actual);

        PolicyEquality.Matches(_actual, _desired).ShouldBeFalse(edit);
    }

    [Fact]
    public void Compares_the_expressions_of_a_selector()
    {
        _desired.Spec!.PodSelector!.MatchExpressions = [new() { Key = "app", OperatorProperty = "In", Values = ["a", "b"] }];
        PolicyEquality.Matches(ReadBack(_desired), _desired).ShouldBeTrue();

        var other = ReadBack(_desired);
        other.Spec!.PodSelector!.MatchExpressions![0].Values![1] = "c";
        PolicyEquality.Matches(other, _desired).ShouldBeFalse();
    }

    [Fact]
    public void Comparing_equal_policies_allocates_no_memory()
    {
        PolicyEquality.Matches(_actual, _desired);
        var before = GC.GetAllocatedBytesForCurrentThread();

        PolicyEquality.Matches(_actual, _desired);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static V1NetworkPolicy Build() => NetworkPolicyBuilder.Ingress(
        new PolicySubject("Deployment", "shop", "cart", Given.Selector(("app", "cart"))),
        [new AllowedPods(Given.Workload("browser").Subject, []), new AllowedPods(Given.Workload("checkout").Subject, [new PolicyPort("TCP", 80)])]);

    private static V1NetworkPolicy ReadBack(V1NetworkPolicy policy) => JsonSerializer.Deserialize(
        JsonSerializer.Serialize(policy, SourceGenerationContext.Default.V1NetworkPolicy),
        SourceGenerationContext.Default.V1NetworkPolicy)!;
}
