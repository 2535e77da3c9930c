using System.Text.RegularExpressions;
using Wayleave.Cli.Commands;

namespace Wayleave.Cli.Tests.Units;

public sealed class ReferenceGraphTests
{
    private static readonly string[] _ours =
    [
        "Wayleave.Api", "Wayleave.Enforcement", "Wayleave.EventStore", "Wayleave.Hosting", "Wayleave.Kubernetes", "Wayleave.Observation",
        "Wayleave.Settings", "Wayleave.Telemetry", "wayleave-operator",
    ];

    [Fact]
    public void The_program_uses_the_operators_code() => typeof(CliCommand).Assembly.GetReferencedAssemblies()
        .Select(reference => reference.Name!)
        .Where(name => Regex.IsMatch(name, "^wayleave", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)))
        .ShouldBe(_ours, ignoreOrder: true);
}
