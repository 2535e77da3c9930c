using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Tests.Targets;

public class ParsedClientIntentsTests
{
    [Fact]
    public void A_client_is_a_workload_of_the_objects_namespace()
    {
        var intents = Given.Intents("checkout", Given.Target("cart"));
        intents.Spec.Workload.Kind = "CronJob";

        intents.Parse().Client.ShouldBe(new ParsedWorkloadRef("shop", "checkout", WorkloadKind.CronJob));
    }

    [Theory]
    [InlineData("Checkout", null)]
    [InlineData("checkout", "cronjob")]
    public void An_invalid_spec_has_no_client(string name, string? kind)
    {
        var intents = Given.Intents(name, Given.Target("cart"));
        intents.Spec.Workload.Kind = kind;

        intents.Parse().Client.ShouldBeNull();
    }
}
