using System.Reflection;
using Wayleave.Mapper.Hosting;

namespace Wayleave.Mapper.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public void The_mapper_carries_no_code_of_the_operator_or_of_telemetry()
    {
        var references = new HashSet<string>(StringComparer.Ordinal);
        Collect(typeof(MapperHost).Assembly, references);

        references.Where(name => name.StartsWith("Wayleave", StringComparison.Ordinal)).ShouldBe(
            [
                "Wayleave.Api", "Wayleave.Enforcement", "Wayleave.Hosting", "Wayleave.Ingest", "Wayleave.Kubernetes", "Wayleave.Observation",
                "Wayleave.Settings",
            ],
            ignoreOrder: true);
    }

    private static void Collect(Assembly assembly, HashSet<string> found)
    {
        foreach (var reference in assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("Wayleave", StringComparison.Ordinal)))
        {
            if (found.Add(reference.Name!))
            {
                Collect(Assembly.Load(reference), found);
            }
        }
    }
}
