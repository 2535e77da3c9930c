using Microsoft.Extensions.DependencyInjection;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Tests;

public sealed class TelemetryServicesTests
{
    private static readonly SemanticVersion Version = SemanticVersion.Parse("0.1.0");

    [Fact]
    public void Off_means_a_counter_that_does_nothing_and_nothing_else()
    {
        var services = new ServiceCollection().AddWayleaveTelemetry(TelemetrySettings.Default with { Enabled = false }, Version);

        services.Select(service => service.ServiceType).ShouldBe([typeof(TelemetrySettings), typeof(IUsageCounter)]);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IUsageCounter>().ShouldBeOfType<NoUsageCounter>();
        provider.GetService<TelemetrySession>().ShouldBeNull();
    }

    [Fact]
    public void On_the_counter_is_the_one_that_the_session_reads()
    {
        using var provider = new ServiceCollection().AddWayleaveTelemetry(TelemetrySettings.Default, Version).BuildServiceProvider();

        provider.GetRequiredService<IUsageCounter>().ShouldBeSameAs(provider.GetRequiredService<UsageCounters>());
    }

    [Fact]
    public void Telemetry_knows_nothing_of_kubernetes() =>
        typeof(TelemetrySession).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!)
            .ShouldNotContain(name =>
                name.StartsWith("Wayleave", StringComparison.Ordinal) || name.StartsWith("Kube", StringComparison.Ordinal));
}
