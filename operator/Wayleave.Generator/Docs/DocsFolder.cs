using Wayleave.Generator.Output;

namespace Wayleave.Generator.Docs;

/// <summary>The pages of the documentation that are generated as a whole.</summary>
internal static class DocsFolder
{
    public static GeneratedFolder Generate() => new(
        "telemetry-*",
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cli.md"] = CliPage.Build(),
            ["event-store-events.md"] = StoredEventsPage.Build(),
            ["flags.md"] = FlagsPage.Build(),
            ["kinds.md"] = KindsPage.Build(),
            ["reasons.md"] = ReasonsPage.Build(),
            ["telemetry-events.md"] = EventTable.Build(),
            ["telemetry-record.schema.json"] = RecordSchema.Build(),
        });
}
