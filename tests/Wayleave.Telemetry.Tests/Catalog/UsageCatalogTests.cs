using System.Reflection;
using System.Text.RegularExpressions;
using Wayleave.Telemetry.Catalog;
using Wayleave.Testing;

namespace Wayleave.Telemetry.Tests.Catalog;

public sealed partial class UsageCatalogTests
{
    private static readonly string[] Released =
    [
        "STARTED", "ACTIVE", "INTENTS_APPLIED", "INTENTS_DELETED", "INTENTS_APPLIED_KAFKA", "INTENTS_APPLIED_HTTP",
        "INTENTS_APPLIED_DATABASE", "INTENTS_APPLIED_INTERNET", "NETWORK_POLICIES_CREATED", "NETWORK_POLICIES_DELETED",
        "PROTECTED_SERVICE_APPLIED", "PROTECTED_SERVICE_DELETED", "POLICIES_APPLIED", "POLICIES_DELETED",
        "KAFKA_SERVER_CONFIG_APPLIED", "KAFKA_SERVER_CONFIG_DELETED", "CLUSTERS_APPLIED", "CLUSTERS_DELETED",
        "CLUSTER_CREDENTIALS_ROTATED", "ERRORS", "CLI_COMMAND", "MAPPER_EXPORT", "MAPPER_VISUALIZE",
    ];

    [Fact]
    public void The_documentation_lists_exactly_the_events_that_can_be_sent()
    {
        var page = File.ReadAllText(Checkout.PathOf("docs", "telemetry-events.md"));

        DocumentedType().Matches(page).Select(match => match.Groups["type"].Value)
            .ShouldBe(UsageCatalog.All.Where(usage => !usage.IsPlanned).Select(usage => usage.Type), ignoreOrder: true);
    }

    [Fact]
    public void Released_events_keep_their_types() =>
        Released.ShouldBeSubsetOf(UsageCatalog.All.Where(usage => !usage.IsPlanned).Select(usage => usage.Type));

    [Fact]
    public void Types_and_names_are_unique_and_well_formed()
    {
        UsageCatalog.All.Select(usage => usage.Type).ShouldBeUnique();
        UsageCatalog.All.Select(usage => usage.Name).ShouldBeUnique();
        UsageCatalog.All.ShouldAllBe(usage => Type().IsMatch(usage.Type) && Name().IsMatch(usage.Name) && Unit().IsMatch(usage.Unit));
    }

    [Fact]
    public void Every_event_is_described() =>
        UsageCatalog.All.ShouldAllBe(usage => usage.Description.EndsWith('.'));

    [Fact]
    public void Every_event_except_planned_ones_has_a_property()
    {
        var constants = typeof(UsageCatalog).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(UsageEvent))
            .Select(property => ((UsageEvent)property.GetValue(null)!).Type);

        constants.ShouldBe(UsageCatalog.All.Where(usage => !usage.IsPlanned).Select(usage => usage.Type), ignoreOrder: true);
    }

    [Fact]
    public void Finds_an_event_by_its_type()
    {
        UsageCatalog.Find("INTENTS_APPLIED").ShouldBe(UsageCatalog.IntentsApplied);
        UsageCatalog.Find("INTENTS_MISLAID").ShouldBeNull();
    }

    [Fact]
    public void The_command_line_emits_its_own_events_and_the_operator_every_other_that_is_not_planned() =>
        UsageCatalog.All.Where(usage => !usage.IsPlanned && usage.Emitter != ComponentType.Operator)
            .ShouldBe([UsageCatalog.CliCommand, UsageCatalog.MapperExport, UsageCatalog.MapperVisualize]);

    [Fact]
    public void Attributes_have_unique_keys_and_only_choices_and_lists_of_words_list_values()
    {
        UsageAttributeCatalog.All.Select(attribute => attribute.Key).ShouldBeUnique();
        UsageAttributeCatalog.All.ShouldAllBe(attribute =>
            (attribute.Kind == AttributeKind.Choice || attribute.Kind == AttributeKind.Words) == !attribute.Values.IsEmpty);
        UsageAttributeCatalog.All.ShouldAllBe(attribute => attribute.Description.EndsWith('.'));
    }

    [Fact]
    public void Events_have_only_attributes_of_the_catalog() =>
        UsageCatalog.All.SelectMany(usage => usage.Attributes).ShouldAllBe(attribute => UsageAttributeCatalog.All.Contains(attribute));

    [Fact]
    public void Enumerated_attributes_have_the_documented_values()
    {
        UsageAttributeCatalog.Intents.Values.ShouldBe(["0", "1-9", "10-99", "100-999", "1000+"]);
        UsageAttributeCatalog.ComponentType.Values.ShouldBe(["OPERATOR", "CLI", "MAPPER", "SENSOR"]);
        UsageAttributeCatalog.OperatingSystem.Values.ShouldBe(["other", "linux", "windows", "darwin"]);
        UsageAttributeCatalog.Architecture.Values.ShouldBe(["other", "amd64", "arm64"]);
        UsageAttributeCatalog.ErrorComponent.Values
            .ShouldBe(["intents", "policies", "clusters", "enforcement", "kubernetes", "telemetry"]);
    }

    [GeneratedRegex("^[A-Z]+(_[A-Z]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Type();

    [GeneratedRegex(@"^wayleave(\.[a-z]+(_[a-z]+)*){1,3}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Name();

    [GeneratedRegex(@"^\{[a-z]+\}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Unit();

    [GeneratedRegex("^\\| `(?<type>[A-Z_]+)` \\|", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex DocumentedType();
}
