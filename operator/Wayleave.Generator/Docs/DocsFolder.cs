using Wayleave.Generator.Output;

namespace Wayleave.Generator.Docs;

/// <summary>The pages of the documentation that are generated as a whole.</summary>
internal static class DocsFolder
{
    public static GeneratedFolder Generate() => new(
        "telemetry-*",
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cli.md"] = CliPage.Text(),
            ["flags.md"] = FlagsPage.Text(),
            ["reasons.md"] = ReasonsPage.Text(),
            ["telemetry-events.md"] = EventTable.Text(),
            ["telemetry-record.schema.json"] = RecordSchema.Text(),
        });
}
