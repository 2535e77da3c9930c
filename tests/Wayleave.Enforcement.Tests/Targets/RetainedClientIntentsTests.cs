using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Targets;

namespace Wayleave.Enforcement.Tests.Targets;

public class RetainedClientIntentsTests
{
    private readonly ClientIntents _intents = Given.Intents("checkout", Given.Target("cart"), Given.Target("Orders"));

    public RetainedClientIntentsTests()
    {
        _intents.Metadata.Generation = 2;
        _intents.Status = new ClientIntentsStatus { ObservedGeneration = 1, EnforcedGeneration = 1 };
    }

    [Fact]
    public void An_invalid_edit_retains_the_generation_in_force()
    {
        _intents.Parse().IsRetained.ShouldBeTrue();
        _intents.Parse().FirstError!.Message!.ShouldStartWith("spec.targets[1].kubernetes.name: ");
    }

    [Fact]
    public void A_valid_edit_retains_nothing()
    {
        _intents.Spec.Targets.RemoveAt(1);

        _intents.Parse().IsRetained.ShouldBeFalse();
        _intents.Parse().FirstError.ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2L)]
    public void Retains_nothing_without_an_earlier_generation_in_force(long? enforced)
    {
        _intents.Status!.EnforcedGeneration = enforced;

        _intents.Parse().IsRetained.ShouldBeFalse();
    }

    [Fact]
    public void Retains_nothing_without_a_status()
    {
        _intents.Status = null;

        _intents.Parse().IsRetained.ShouldBeFalse();
        _intents.Parse().Servers.ShouldBe([new PolicyKey(SubjectType.Workload, "shop", "cart")]);
    }

    [Fact]
    public void Retained_declarations_apply_to_every_cluster()
    {
        _intents.Spec.Clusters = new ClusterSelection { Names = ["east"] };

        var clusters = _intents.Parse().Clusters;

        ClusterSelectionMatcher.IncludesLocal(clusters).ShouldBeTrue();
        ClusterSelectionMatcher.Includes(clusters, "west", null).ShouldBeTrue();
        _intents.Spec.Targets.RemoveAt(1);
        _intents.Parse().Clusters.ShouldBeSameAs(_intents.Spec.Clusters);
    }

    [Fact]
    public void Retains_nothing_after_a_deletion()
    {
        _intents.Metadata.DeletionTimestamp = DateTime.UnixEpoch;

        _intents.Parse().IsRetained.ShouldBeFalse();
    }

    [Fact]
    public void Any_invalid_field_retains_the_generation_in_force()
    {
        foreach (var edit in new Action<ClientIntentsSpec>[]
        {
            spec => spec.Workload.Name = "Checkout",
            spec => spec.Workload.Kind = "Deploy",
            spec => spec.Workload.Selector = new V1LabelSelector(),
            spec => spec.Clusters = new ClusterSelection { Selector = Given.Selector(("a b", "")) },
            spec => spec.Targets[0] = new IntentTarget(),
            spec => spec.Targets[0] = null!,
            spec => spec.Targets[0] = new IntentTarget { Kubernetes = new() { Name = "cart" }, Service = new() { Name = "cart" } },
            spec => spec.Targets[0].Kubernetes!.Kind = "cart",
            spec => spec.Targets[0].Kubernetes!.Selector = new V1LabelSelector(),
            spec => spec.Targets[0].Kubernetes!.Ports = ["9010-9000"],
            spec => spec.Targets[0] = Given.ServiceTarget("redis", 0),
            spec => spec.Targets[0] = new IntentTarget { Internet = new() { Ips = ["198.51.100.7/24"] } },
            spec => spec.Targets[0] = new IntentTarget { Internet = new() },
        })
        {
            var intents = Given.Intents("checkout", Given.Target("cart"));
            intents.Metadata.Generation = 2;
            intents.Status = new ClientIntentsStatus { EnforcedGeneration = 1 };
            intents.Parse().IsRetained.ShouldBeFalse();

            edit(intents.Spec);

            intents.Parse().IsRetained.ShouldBeTrue();
            intents.Parse().Targets.ShouldAllBe(target => target.Reference == null && target.Internet == null && target.Result != null);
            intents.Parse().TargetsOn(new PolicyKey(SubjectType.Workload, "shop", "cart")).ShouldBeEmpty();
            intents.Parse().Domains.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("kubernetes")]
    [InlineData("service")]
    public void A_valid_target_of_an_unsupported_type_retains_nothing(string type)
    {
        _intents.Spec.Targets[1] = type == "kubernetes" ? new IntentTarget { Sql = new() { Name = "db" } } : new IntentTarget { Kafka = new() { Name = "kafka" } };

        _intents.Parse().IsRetained.ShouldBeFalse();
    }

    [Fact]
    public void Reads_the_servers_of_the_generation_in_force_from_the_status()
    {
        _intents.Status!.Targets =
        [
            Target("cart.shop", TargetTypes.Kubernetes), Target("redis.data", TargetTypes.Service), Target("203.0.113.7", TargetTypes.Internet),
            Target("kafka.shop", TargetTypes.Kafka), Target("", TargetTypes.Kubernetes), Target("No Good", TargetTypes.Service), Target("my.app.shop", TargetTypes.Kubernetes),
        ];

        _intents.Parse().Servers.ShouldBe(
        [
            new PolicyKey(SubjectType.Workload, "shop", "cart"), new PolicyKey(SubjectType.Service, "data", "redis"), new PolicyKey(SubjectType.Workload, "shop", "my.app"),
        ]);
        _intents.Parse().Servers.ShouldBe(_intents.Parse().Servers, ignoreOrder: true);
    }

    private static TargetStatus Target(string name, string type) => new() { Name = name, Type = type };
}
