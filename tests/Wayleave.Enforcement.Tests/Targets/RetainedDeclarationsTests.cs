using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Targets;

namespace Wayleave.Enforcement.Tests.Targets;

public class RetainedDeclarationsTests
{
    private readonly ClientIntents _intents = Given.Intents("checkout", Given.Target("cart"), Given.Target("Orders"));

    public RetainedDeclarationsTests()
    {
        _intents.Metadata.Generation = 2;
        _intents.Status = new ClientIntentsStatus { ObservedGeneration = 1, EnforcedGeneration = 1 };
    }

    [Fact]
    public void An_invalid_edit_retains_the_generation_in_force()
    {
        RetainedDeclarations.IsRetained(_intents).ShouldBeTrue();
        RetainedDeclarations.FindFirstError(_intents)!.Message!.ShouldStartWith("spec.targets[1].kubernetes.name: ");
    }

    [Fact]
    public void A_valid_edit_retains_nothing()
    {
        _intents.Spec.Targets.RemoveAt(1);

        RetainedDeclarations.IsRetained(_intents).ShouldBeFalse();
        RetainedDeclarations.FindFirstError(_intents).ShouldBeNull();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2L)]
    public void Retains_nothing_without_an_earlier_generation_in_force(long? enforced)
    {
        _intents.Status!.EnforcedGeneration = enforced;

        RetainedDeclarations.IsRetained(_intents).ShouldBeFalse();
    }

    [Fact]
    public void Retains_nothing_without_a_status()
    {
        _intents.Status = null;

        RetainedDeclarations.IsRetained(_intents).ShouldBeFalse();
        RetainedDeclarations.Servers(_intents).ShouldBeEmpty();
    }

    [Fact]
    public void Retained_declarations_apply_to_every_cluster()
    {
        _intents.Spec.Clusters = new ClusterSelection { Names = ["east"] };

        var clusters = RetainedDeclarations.Clusters(_intents);

        ClusterSelectionMatcher.IncludesLocal(clusters).ShouldBeTrue();
        ClusterSelectionMatcher.Includes(clusters, "west", null).ShouldBeTrue();
        _intents.Spec.Targets.RemoveAt(1);
        RetainedDeclarations.Clusters(_intents).ShouldBeSameAs(_intents.Spec.Clusters);
    }

    [Fact]
    public void Retains_nothing_after_a_deletion()
    {
        _intents.Metadata.DeletionTimestamp = DateTime.UnixEpoch;

        RetainedDeclarations.IsRetained(_intents).ShouldBeFalse();
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
            RetainedDeclarations.IsRetained(intents).ShouldBeFalse();

            edit(intents.Spec);

            RetainedDeclarations.IsRetained(intents).ShouldBeTrue();
            TargetParser.Read(intents).ShouldAllBe(target => target.Reference == null && target.Internet == null && target.Result != null);
            TargetParser.To(intents, new PolicyKey(SubjectType.Workload, "shop", "cart")).ShouldBeEmpty();
            TargetParser.Domains(intents).ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("kubernetes")]
    [InlineData("service")]
    public void A_valid_target_of_an_unsupported_type_retains_nothing(string type)
    {
        _intents.Spec.Targets[1] = type == "kubernetes" ? new IntentTarget { Sql = new() { Name = "db" } } : new IntentTarget { Kafka = new() { Name = "kafka" } };

        RetainedDeclarations.IsRetained(_intents).ShouldBeFalse();
    }

    [Fact]
    public void Reads_the_servers_of_the_generation_in_force_from_the_status()
    {
        _intents.Status!.Targets =
        [
            Target("cart.shop", TargetTypes.Kubernetes), Target("redis.data", TargetTypes.Service), Target("203.0.113.7", TargetTypes.Internet),
            Target("kafka.shop", TargetTypes.Kafka), Target("", TargetTypes.Kubernetes), Target("No Good", TargetTypes.Service), Target("my.app.shop", TargetTypes.Kubernetes),
        ];

        RetainedDeclarations.Servers(_intents).ShouldBe(
        [
            new PolicyKey(SubjectType.Workload, "shop", "cart"), new PolicyKey(SubjectType.Service, "data", "redis"), new PolicyKey(SubjectType.Workload, "shop", "my.app"),
        ]);
        TargetParser.Servers(_intents).ShouldBe(RetainedDeclarations.Servers(_intents), ignoreOrder: true);
    }

    private static TargetStatus Target(string name, string type) => new() { Name = name, Type = type };
}
