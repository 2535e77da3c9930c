using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Tests.Meaning.Steps;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Meaning;

/// <summary>Stories that chance tells too seldom.</summary>
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
    public Task In_shadow_the_Service_of_a_protected_workload_is_free_again_when_the_workload_goes() =>
        AllIsWellAsync(EnforcementMode.Shadow, _protectedBehindService, new DeleteEdit<PartialDeployment>("shop", "cart"), Deployment("cart", "a"));

    [Fact]
    public Task In_shadow_the_Service_of_a_protected_workload_is_free_again_when_the_workload_gets_other_pods() =>
        AllIsWellAsync(EnforcementMode.Shadow, _protectedBehindService, Deployment("cart", "c"), Deployment("cart", "a"));

    [Fact]
    public Task In_shadow_the_Service_of_a_protected_workload_is_free_again_when_the_protection_goes() =>
        AllIsWellAsync(EnforcementMode.Shadow, _protectedBehindService, new DeleteEdit<ProtectedService>("shop", "p1"), _protection);

    [Fact]
    public Task In_shadow_the_Service_of_a_protected_workload_stays_as_it_is_when_another_workload_takes_the_name() =>
        AllIsWellAsync(EnforcementMode.Shadow, _protectedBehindService, _namesake, new DeleteEdit<PartialStatefulSet>("shop", "cart"));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public Task In_shadow_a_policy_that_somebody_took_over_is_forgotten_when_it_is_not_wanted_any_more(int policy) =>
        AllIsWellAsync(EnforcementMode.Shadow, _protectedBehindService, new TamperEdit(policy, Tampering.TakeOver), Deployment("cart", "c"));

    private static async Task AllIsWellAsync(EnforcementMode mode, Edit[] given, params Edit[] then)
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
