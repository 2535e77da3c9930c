using Wayleave.Operator.Tests.Hosting;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Telemetry.Catalog;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Reconciling;

public sealed class ControllerFactoryTests
{
    [Fact]
    public async Task Counts_a_reconcile_error_under_the_component_of_its_controller()
    {
        var counter = new FakeUsageCounter();
        var cluster = Shop.Cluster();
        var client = new RecordedClient(cluster);
        client.BeforeWrite = write =>
        {
            client.BeforeWrite = null;
            throw new InvalidDataException(write);
        };
        await using var running = await Shop.StartAsync(cluster, new RunningOptions { Client = client, Counter = counter });
        cluster.User.Put(Shop.Intents("checkout"));

        await running.UntilAsync("an error", () => !counter.Errors.IsEmpty);

        counter.Errors.ShouldHaveSingleItem().ShouldBe((ErrorComponent.Enforcement, typeof(InvalidDataException)));
    }
}
