using System.Reflection;
using System.Xml.Linq;
using Wayleave.Testing;

namespace Wayleave.Sensor.Tests;

public sealed class ReferenceTests
{
    private static readonly string[] _allowed = ["System", "Microsoft.Extensions", "Google.Protobuf", "Wayleave.Ingest", "Microsoft.Win32"];

    [Fact]
    public void The_program_refers_to_nothing_but_the_messages_and_small_libraries()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        Visit(typeof(SensorHost).Assembly, seen);
        seen.Where(name => !_allowed.Any(allowed => name == allowed || name.StartsWith($"{allowed}.", StringComparison.Ordinal)))
            .ShouldBe(["wayleave-sensor"]);
        seen.ShouldContain("Wayleave.Ingest");
    }

    [Fact]
    public void The_project_refers_to_the_messages_only()
    {
        var project = XDocument.Load(Checkout.PathOf("operator", "Wayleave.Sensor", "Wayleave.Sensor.csproj"));
        Includes("ProjectReference").ShouldBe(["../Wayleave.Ingest/Wayleave.Ingest.csproj"]);
        Includes("PackageReference").ShouldBe(["Microsoft.Extensions.Logging.Abstractions", "System.CommandLine"]);
        Includes("FrameworkReference").ShouldBeEmpty();
        project.Root!.Attribute("Sdk")!.Value.ShouldBe("Microsoft.NET.Sdk");

        IEnumerable<string> Includes(string element) => project.Descendants(element).Select(item => item.Attribute("Include")!.Value);
    }

    private static void Visit(Assembly assembly, HashSet<string> seen)
    {
        if (!seen.Add(assembly.GetName().Name!) || assembly.GetName().Name!.StartsWith("System.", StringComparison.Ordinal))
        {
            return;
        }

        foreach (var reference in assembly.GetReferencedAssemblies())
        {
            Visit(Assembly.Load(reference), seen);
        }
    }
}
