using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Steps;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Meaning;

/// <summary>
/// Scenarios with a Service in front of a protected workload, which random scenarios rarely have. After each edit, policies and statuses
/// must match the declarations.
/// </summary>
public sealed class HandmadeScenarioTests
{
    private static readonly Edit _service = new PutEdit<PartialService>(new PartialService
    {
        Metadata = Meta("cart"),
        Spec = new PartialServiceSpec { Selector = App("a"), Ports = [new PartialServicePort { Port = 80, TargetPort = 8080 }] },
    });

    private static readonly Edit _protection = new PutEdit<ProtectedService>(new ProtectedService
    {
        Metadata = Meta("p1"),
        Spec = new ProtectedServiceSpec { Workload = new WorkloadRef { Name = "cart" } },
    });

    private static readonly Edit _namesake = new PutEdit<PartialStatefulSet>(new PartialStatefulSet
    {
        Metadata = Meta("cart"),
        Spec = new PartialWorkloadSpec { Selector = new V1LabelSelector { MatchLabels = App("d") } },
    });

    private static readonly Edit[] _protectedBehindService =
    [
        new PutEdit<V1Namespace>(new V1Namespace
        {
            Metadata = new V1ObjectMeta { Name = "shop", Labels = new Dictionary<string, string> { ["kubernetes.io/metadata.name"] = "shop" } },
        }),
        Deployment("cart", "a"),
        Deployment("web", "b"),
        Deployment("namesake", "a"),
        _service,
        _protection,
        new PutEdit<ClientIntents>(new ClientIntents
        {
            Metadata = Meta("i1"),
            Spec = new ClientIntentsSpec
            {
                Workload = new WorkloadRef { Name = "web" },
                Targets = [new IntentTarget { Service = new ServiceTarget { Name = "cart" } }],
            },
        }),
    ];

    [Fact]
    public Task In_Shadow_mode_policies_follow_a_protected_workload_that_is_deleted_and_created_again() =>
        ShouldMatchAsync(EnforcementMode.Shadow, _protectedBehindService, new DeleteEdit<PartialDeployment>("shop", "cart"), Deployment("cart", "a"));

    [Fact]
    public Task In_Shadow_mode_policies_follow_a_protected_workload_that_gets_other_Pods_and_back() =>
        ShouldMatchAsync(EnforcementMode.Shadow, _protectedBehindService, Deployment("cart", "c"), Deployment("cart", "a"));

    [Fact]
    public Task In_Shadow_mode_policies_follow_a_ProtectedService_that_is_deleted_and_created_again() =>
        ShouldMatchAsync(EnforcementMode.Shadow, _protectedBehindService, new DeleteEdit<ProtectedService>("shop", "p1"), _protection);

    [Fact]
    public Task In_Shadow_mode_policies_follow_another_workload_with_the_name_of_the_protected_one() =>
        ShouldMatchAsync(EnforcementMode.Shadow, _protectedBehindService, _namesake, new DeleteEdit<PartialStatefulSet>("shop", "cart"));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public Task In_Shadow_mode_policies_follow_a_workload_whose_policy_another_owner_took_over(int policy) =>
        ShouldMatchAsync(EnforcementMode.Shadow, _protectedBehindService, new TamperEdit(policy, Tampering.TakeOver), Deployment("cart", "c"));

    private static async Task ShouldMatchAsync(EnforcementMode mode, Edit[] given, params Edit[] then)
    {
        var scenario = new Scenario(
            new Defaults(mode, Egress: false), [.. given.Select(edit => new EditStep(edit))], [.. then.Select(edit => new EditStep(edit))]);

        (await ScenarioRun.FailureAsync(scenario, new Tally())).ShouldBeNull();
    }

    private static PutEdit<PartialDeployment> Deployment(string name, string app) => new(new PartialDeployment
    {
        Metadata = Meta(name),
        Spec = new PartialWorkloadSpec
        {
            Selector = new V1LabelSelector { MatchLabels = App(app) },
            Template = new PartialPodTemplateSpec { Metadata = new V1ObjectMeta { Labels = App(app) } },
        },
    });

    private static V1ObjectMeta Meta(string name) => new() { Name = name, NamespaceProperty = "shop" };

    private static Dictionary<string, string> App(string value) => new() { ["app"] = value };
}
