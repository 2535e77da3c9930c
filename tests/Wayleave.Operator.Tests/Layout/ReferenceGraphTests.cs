using System.Reflection;
using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.EventStore.Publishing;
using Wayleave.Hosting;
using Wayleave.Kubernetes;
using Wayleave.Operator.Hosting;
using Wayleave.Settings;
using Wayleave.Telemetry;

namespace Wayleave.Operator.Tests.Layout;

/// <summary>Dependencies point one way.</summary>
public sealed class ReferenceGraphTests
{
    private static readonly Assembly Kubernetes = typeof(NamespacedName).Assembly;
    private static readonly Assembly Api = typeof(ClientIntents).Assembly;
    private static readonly Assembly Enforcement = typeof(PolicyKey).Assembly;
    private static readonly Assembly Telemetry = typeof(TelemetryNotice).Assembly;
    private static readonly Assembly Settings = typeof(Setting).Assembly;
    private static readonly Assembly Hosting = typeof(HealthState).Assembly;
    private static readonly Assembly Events = typeof(EventStream).Assembly;
    private static readonly Assembly Program = typeof(OperatorHost).Assembly;

    [Fact]
    public void Kubernetes_Settings_and_the_event_store_reference_no_other_project()
    {
        Ours(Kubernetes).ShouldBeEmpty();
        Ours(Settings).ShouldBeEmpty();
        Ours(Events).ShouldBeEmpty();
    }

    [Fact]
    public void Telemetry_references_only_Settings() => Ours(Telemetry).ShouldBe(["Wayleave.Settings"]);

    [Fact]
    public void Hosting_references_only_Kubernetes_and_Settings() =>
        Ours(Hosting).ShouldBe(["Wayleave.Kubernetes", "Wayleave.Settings"], ignoreOrder: true);

    [Fact]
    public void Api_references_only_Kubernetes() => Ours(Api).ShouldBe(["Wayleave.Kubernetes"]);

    [Fact]
    public void Enforcement_references_only_Api_and_Kubernetes() =>
        Ours(Enforcement).ShouldBe(["Wayleave.Api", "Wayleave.Kubernetes"], ignoreOrder: true);

    [Fact]
    public void The_operator_references_all_seven_libraries() => Ours(Program).ShouldBe(
        [
            "Wayleave.Api", "Wayleave.Enforcement", "Wayleave.EventStore", "Wayleave.Hosting", "Wayleave.Kubernetes", "Wayleave.Settings",
            "Wayleave.Telemetry",
        ],
        ignoreOrder: true);

    [Theory]
    [InlineData("System.Net.Http")]
    [InlineData("System.Net.Sockets")]
    [InlineData("Microsoft.Extensions.Logging.Abstractions")]
    public void Enforcement_references_no_networking_and_no_logging(string assembly) =>
        Enforcement.GetReferencedAssemblies().Select(reference => reference.Name).ShouldNotContain(assembly);

    [Fact]
    public void All_static_fields_are_readonly()
    {
        var fields =
            from assembly in new[] { Kubernetes, Api, Enforcement, Settings, Telemetry, Events, Hosting, Program }
            from type in assembly.GetTypes()
            where !type.Name.Contains('<', StringComparison.Ordinal) && type.Namespace?.StartsWith("Wayleave", StringComparison.Ordinal) == true
            from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where !field.IsInitOnly && !field.IsLiteral && !IsGenerated(type)
            select $"{type.FullName}.{field.Name}";

        fields.ShouldBeEmpty();
    }

    private static IEnumerable<string> Ours(Assembly assembly) => assembly.GetReferencedAssemblies()
        .Select(reference => reference.Name!)
        .Where(name => name.StartsWith("Wayleave", StringComparison.Ordinal));

    // The JSON and logging source generators keep caches of their own.
    private static bool IsGenerated(Type type) => typeof(System.Text.Json.Serialization.JsonSerializerContext).IsAssignableFrom(type)
        || type.GetCustomAttribute<System.Runtime.CompilerServices.CompilerGeneratedAttribute>() is not null
        || type.Name.StartsWith("__", StringComparison.Ordinal);
}
