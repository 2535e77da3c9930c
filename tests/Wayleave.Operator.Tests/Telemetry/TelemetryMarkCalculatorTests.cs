using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Operator.Telemetry;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Operator.Tests.Telemetry;

/// <summary>The telemetry field of statuses, and the usage that telemetry reads from it.</summary>
public sealed class TelemetryMarkCalculatorTests
{
    private static readonly TelemetryMarkCalculator On = new(isOn: true);
    private static readonly TelemetryMarkCalculator Off = new(isOn: false);

    [Fact]
    public void Adds_the_targets_of_each_newly_applied_generation()
    {
        var mark = On.CalculateTelemetry(Intents(1, null, Internet(), Http()), Ready(1))!;
        mark.ShouldBe(new IntentsTelemetry
        {
            Generation = 1,
            Applied = new IntentTally { Intents = 2, Internet = 1, Http = 1 },
            Current = new IntentTally { Intents = 2, Internet = 1, Http = 1 },
        });

        On.CalculateTelemetry(Intents(2, With(Ready(1), mark), Http()), Ready(2)).ShouldBe(new IntentsTelemetry
        {
            Generation = 2,
            Applied = new IntentTally { Intents = 3, Internet = 1, Http = 2 },
            Current = new IntentTally { Intents = 1, Http = 1 },
        });
    }

    [Fact]
    public void Does_not_add_a_generation_twice()
    {
        var mark = On.CalculateTelemetry(Intents(1, null, Http()), Ready(1))!;

        On.CalculateTelemetry(Intents(1, With(Status(1, "False"), mark), Http()), Ready(1)).ShouldBe(mark);
    }

    [Fact]
    public void Ignores_a_generation_that_is_not_applied()
    {
        var mark = On.CalculateTelemetry(Intents(1, null, Http()), Ready(1))!;

        On.CalculateTelemetry(Intents(2, With(Ready(1), mark), Http(), Http()), Status(2, "False")).ShouldBe(mark);
        On.CalculateTelemetry(Intents(1, null, Http()), Status(1, "False")).ShouldBeNull();
    }

    [Fact]
    public void Does_not_add_a_generation_that_was_applied_before_telemetry_was_on()
    {
        var before = Intents(3, Ready(3), Http());

        On.CalculateTelemetry(before, Ready(3)).ShouldBeNull();
        ObjectUsageReader.Read(before).ShouldBe(new ObjectUsage([], [1, 0, 1]));
        On.CalculateTelemetry(Intents(4, Ready(3), Http()), Ready(4))!.Applied.Intents.ShouldBe(1);
    }

    [Fact]
    public void Removes_telemetry_from_statuses_when_it_is_off()
    {
        var mark = On.CalculateTelemetry(Intents(1, null, Http()), Ready(1))!;

        Off.CalculateTelemetry(Intents(1, null, Http()), Ready(1)).ShouldBeNull();
        Off.CalculateTelemetry(Intents(1, With(Ready(1), mark), Http()), Ready(1)).ShouldBeNull();
        Off.Mark(Service(1, new TelemetryMark { Generation = 1 }, isReady: false), ReadyService()).Telemetry.ShouldBeNull();
    }

    [Fact]
    public void Marks_an_object_once_when_it_becomes_ready()
    {
        var mark = On.Mark(Service(4, mark: null, isReady: false), ReadyService()).Telemetry;

        mark.ShouldBe(new TelemetryMark { Generation = 4 });
        On.Mark(Service(5, mark, isReady: false), ReadyService()).Telemetry.ShouldBe(mark);
        On.Mark(Service(4, mark: null, isReady: false), new ProtectedServiceStatus()).Telemetry.ShouldBeNull();
        On.Mark(Service(4, mark: null, isReady: true), ReadyService()).Telemetry.ShouldBeNull();
    }

    [Fact]
    public void Leaves_a_status_without_that_field_as_it_is()
    {
        var status = new ClusterStatus { Conditions = [new V1Condition { Type = ConditionTypes.Ready, Status = "True" }] };

        On.Mark(new Cluster { Metadata = new V1ObjectMeta { Generation = 1 } }, status).ShouldBeSameAs(status);
        status.Telemetry.ShouldBeNull();
    }

    [Fact]
    public void Reads_the_usage_in_a_status_and_ignores_negative_numbers_and_unapplied_generations()
    {
        var mark = new IntentsTelemetry
        {
            Generation = 9,
            Applied = new IntentTally { Intents = 7, Kafka = 1, Database = -2 },
            Current = new IntentTally { Intents = 2 },
        };

        ObjectUsageReader.Read(Intents(9, With(Ready(9), mark))).ShouldBe(new ObjectUsage([7, 1], [2]));
        ObjectUsageReader.Read(Intents(1, null, Http())).ShouldBe(ObjectUsage.None);
        ObjectUsageReader.Read(Intents(2, Ready(1), Http())).ShouldBe(ObjectUsage.None);
    }

    [Fact]
    public void Counts_a_policy_only_if_this_installation_owns_it()
    {
        var (owner, another) = (new PolicyOwner(new string('a', 32)), new PolicyOwner(new string('b', 32)));
        var ours = owner.WithMark(new V1NetworkPolicy { Metadata = new() });
        ours.Metadata.ManagedFields = [new V1ManagedFieldsEntry { Manager = "wayleave", Operation = "Update" }];

        ObjectUsageReader.Read(ours, owner).ShouldBe(ObjectUsage.Once);
        ObjectUsageReader.Read(ours, another).ShouldBe(ObjectUsage.None);
        ObjectUsageReader.Read(new V1NetworkPolicy { Metadata = new() }, owner).ShouldBe(ObjectUsage.None);
    }

    private static ProtectedService Service(long generation, TelemetryMark? mark, bool isReady) => new()
    {
        Metadata = new V1ObjectMeta { Generation = generation },
        Status = new ProtectedServiceStatus { Telemetry = mark, Conditions = isReady ? ReadyService().Conditions : null },
    };

    private static ProtectedServiceStatus ReadyService() => new()
    {
        Conditions = [new V1Condition { Type = ConditionTypes.Ready, Status = "True" }],
    };

    private static ClientIntents Intents(long generation, ClientIntentsStatus? status, params IntentTarget[] targets) => new()
    {
        Metadata = new V1ObjectMeta { Name = "checkout", NamespaceProperty = "shop", Generation = generation },
        Spec = new ClientIntentsSpec { Workload = new WorkloadRef { Name = "checkout" }, Targets = [.. targets] },
        Status = status,
    };

    private static IntentTarget Internet() => new() { Internet = new InternetTarget { Ips = ["203.0.113.7"] } };

    private static IntentTarget Http() =>
        new() { Kubernetes = new KubernetesTarget { Name = "cart", Http = [new HttpResource { Path = "/" }] } };

    private static ClientIntentsStatus Ready(long generation) => Status(generation, "True");

    private static ClientIntentsStatus Status(long generation, string ready) => new()
    {
        ObservedGeneration = generation,
        Conditions = [new V1Condition { Type = ConditionTypes.Ready, Status = ready, Reason = "Because", Message = "" }],
    };

    private static ClientIntentsStatus With(ClientIntentsStatus status, IntentsTelemetry telemetry)
    {
        status.Telemetry = telemetry;
        return status;
    }
}
