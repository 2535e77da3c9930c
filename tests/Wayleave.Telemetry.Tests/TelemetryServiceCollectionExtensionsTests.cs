using Microsoft.Extensions.DependencyInjection;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Sessions;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Telemetry.Tests;

public sealed class TelemetryServiceCollectionExtensionsTests
{
    private static readonly SemanticVersion Version = SemanticVersion.Parse("0.1.0");

    [Fact]
    public void Registers_only_the_settings_and_a_no_op_counter_when_disabled()
    {
        var services = new ServiceCollection().AddWayleaveTelemetry(TelemetrySettings.Default with { Enabled = false }, Version);

        services.Select(service => service.ServiceType).ShouldBe([typeof(TelemetrySettings), typeof(IUsageCounter)]);
        using var provider = services.BuildServiceProvider();
        provider.GetRequiredService<IUsageCounter>().ShouldBeOfType<NullUsageCounter>();
        provider.GetService<TelemetrySession>().ShouldBeNull();
    }

    [Fact]
    public void Resolves_IUsageCounter_to_the_shared_UsageCounters_when_enabled()
    {
        using var provider = new ServiceCollection().AddWayleaveTelemetry(TelemetrySettings.Default, Version).BuildServiceProvider();

        provider.GetRequiredService<IUsageCounter>().ShouldBeSameAs(provider.GetRequiredService<UsageCounter>());
    }

    [Fact]
    public void References_no_Kubernetes_and_of_Wayleave_only_the_settings() =>
        typeof(TelemetrySession).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!)
            .Where(name => name.StartsWith("Wayleave", StringComparison.Ordinal) || name.StartsWith("Kube", StringComparison.Ordinal))
            .ShouldBe(["Wayleave.Settings"]);
}
