using System.Xml.Linq;
using Wayleave.Testing;

namespace Wayleave.Operator.Tests.Layout;

/// <summary>What each project under operator/ may reference. Dependencies point one way, and a program carries only what it needs.</summary>
public sealed class ProjectReferenceTests
{
    private static readonly Dictionary<string, string[]> _allowed = new(StringComparer.Ordinal)
    {
        ["Kubernetes"] = [],
        ["Ingest"] = [],
        ["Settings"] = [],
        ["Telemetry"] = ["Settings"],
        ["EventStore"] = [],
        ["Api"] = ["Kubernetes"],
        ["Enforcement"] = ["Api"],
        ["Observation"] = ["Api", "Enforcement"],
        ["Hosting"] = ["Kubernetes", "Settings"],
        ["Sensor"] = ["Ingest"],
        ["Mapper"] = ["Hosting", "Ingest", "Observation"],
        ["Operator"] = ["Api", "Enforcement", "EventStore", "Hosting", "Kubernetes", "Telemetry"],
        ["Cli"] = ["Api", "Enforcement", "EventStore", "Kubernetes", "Observation", "Operator", "Telemetry"],
        ["Generator"] = ["Api", "Cli", "Mapper", "Operator", "Sensor", "Telemetry"],
    };

    [Fact]
    public void Each_project_references_what_it_may_and_nothing_else()
    {
        var projects = Directory.EnumerateFiles(Checkout.PathOf("operator"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(ShortName, ReadReferences, StringComparer.Ordinal);

        projects.Keys.ShouldBe(_allowed.Keys, ignoreOrder: true);
        foreach (var (name, references) in projects)
        {
            references.ShouldBe(_allowed[name], ignoreOrder: true, customMessage: name);
        }
    }

    private static List<string> ReadReferences(string project) =>
        [.. XDocument.Load(project).Descendants("ProjectReference").Select(reference => ShortName(reference.Attribute("Include")!.Value))];

    private static string ShortName(string path) => Path.GetFileNameWithoutExtension(path)["Wayleave.".Length..];
}
