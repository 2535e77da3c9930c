using System.Collections.Immutable;
using Wayleave.Telemetry.Identity;
using Wayleave.Telemetry.Profile;

namespace Wayleave.Telemetry.Catalog;

/// <summary>Every attribute that can leave the cluster, or a person's machine. Nothing else ever does.</summary>
public static class UsageAttributeCatalog
{
    public static UsageAttribute EventId { get; } = new(
        "event.id", AttributeKind.Uuid, "UUIDv7 of the record. A record that is sent again keeps it: a receiver can drop the second copy.");

    public static UsageAttribute EventName { get; } = new(
        "event.name", AttributeKind.EventName, "Name of the event, also the EventName of the log record.");

    public static UsageAttribute EventType { get; } = new(
        "event.type", AttributeKind.EventType, "Type of the event.");

    public static UsageAttribute Count { get; } = new(
        "count", AttributeKind.Number, "Number since the last record of this type.");

    public static UsageAttribute Total { get; } = new(
        "total", AttributeKind.Number,
        "Total number. The table of events says whether it is the current number or the number since the installation.");

    public static UsageAttribute ContextId { get; } = new(
        "context.id", AttributeKind.Hash,
        "Anonymous id of the cluster: a salted SHA-256 of its UID, or random if that cannot be read. Always random for the command line.");

    public static UsageAttribute InstanceId { get; } = new(
        "component.instance.id", AttributeKind.Uuid,
        "Random id of the installation. For the command line, the random id in the user's state file.");

    public static UsageAttribute ComponentType { get; } = new(
        "component.type", AttributeKind.Choice, "The program that sent the record.", EnumNames.GetNames<ComponentType>(EnumNames.GetName));

    public static UsageAttribute Intents { get; } = CreateSize("intents", "ClientIntents resources");

    public static UsageAttribute Policies { get; } = CreateSize("policies", "EnforcementPolicy resources");

    public static UsageAttribute Clusters { get; } = CreateSize("clusters", "member clusters");

    public static UsageAttribute Namespaces { get; } = CreateSize("namespaces", "namespaces");

    public static UsageAttribute Nodes { get; } = CreateSize("nodes", "nodes");

    public static UsageAttribute KubernetesMinor { get; } = new(
        "kubernetes.minor", AttributeKind.Number, "Minor version of the API server.");

    public static UsageAttribute OperatingSystem { get; } = new(
        "os.type", AttributeKind.Choice, "Operating system the operator runs on.",
        EnumNames.GetNames<OperatingSystemKind>(EnumNames.GetName));

    public static UsageAttribute Architecture { get; } = new(
        "host.arch", AttributeKind.Choice, "Processor architecture the operator runs on.",
        EnumNames.GetNames<CpuArchitecture>(EnumNames.GetName));

    public static UsageAttribute ChangesFromGitOps { get; } = CreateSource("gitops", "a GitOps tool");

    public static UsageAttribute ChangesFromHelm { get; } = CreateSource("helm", "Helm");

    public static UsageAttribute ChangesFromKubectl { get; } = CreateSource("kubectl", "kubectl");

    public static UsageAttribute ChangesFromOther { get; } = CreateSource("other", "something else");

    public static UsageAttribute ErrorComponent { get; } = new(
        "component", AttributeKind.Choice, "Part of the operator where the error was caught.",
        EnumNames.GetNames<ErrorComponent>(EnumNames.GetName));

    public static UsageAttribute ExceptionType { get; } = new(
        "exception.type", AttributeKind.Choice,
        "Name of the exception's .NET type, or of its nearest known ancestor; never its message or stack.", ExceptionTypeName.All);

    public static UsageAttribute Noun { get; } = new(
        "noun", AttributeKind.Choice, "First word of the command.", CountedCommandCatalog.Nouns);

    public static UsageAttribute Verb { get; } = new(
        "verb", AttributeKind.Choice, "Second word of the command, if it has one.", CountedCommandCatalog.Verbs);

    public static UsageAttribute Modifiers { get; } = new(
        "modifiers", AttributeKind.Words, "Names of the options that were given, if any; never their values.",
        CountedCommandCatalog.Modifiers);

    /// <summary>The attributes that every record carries, in the order in which they are sent.</summary>
    public static ImmutableArray<UsageAttribute> Common { get; } =
        [EventId, EventName, EventType, Count, Total, ContextId, InstanceId, ComponentType];

    /// <summary>The attributes that describe the size and kind of a cluster, carried by ACTIVE.</summary>
    public static ImmutableArray<UsageAttribute> ClusterProfile { get; } =
    [
        Intents, Policies, Clusters, Namespaces, Nodes, KubernetesMinor, OperatingSystem, Architecture,
        ChangesFromGitOps, ChangesFromHelm, ChangesFromKubectl, ChangesFromOther,
    ];

    /// <summary>The attributes that say where an error was caught and of what type it was, carried by ERRORS.</summary>
    public static ImmutableArray<UsageAttribute> Error { get; } = [ErrorComponent, ExceptionType];

    /// <summary>The attributes that say which command was run, carried by CLI_COMMAND.</summary>
    public static ImmutableArray<UsageAttribute> Command { get; } = [Noun, Verb, Modifiers];

    /// <summary>Every attribute of every record.</summary>
    public static ImmutableArray<UsageAttribute> All { get; } = [.. Common, .. ClusterProfile, .. Error, .. Command];

    /// <summary>Null if no record can carry <paramref name="key"/>.</summary>
    public static UsageAttribute? Find(string key) => All.FirstOrDefault(attribute => attribute.Key == key);

    private static UsageAttribute CreateSize(string key, string what) =>
        new(key, AttributeKind.Choice, $"How many {what} there are, in powers of ten.", EnumNames.GetNames<SizeBucket>(EnumNames.GetName));

    private static UsageAttribute CreateSource(string key, string what) =>
        new($"changes.{key}", AttributeKind.Flag, $"Whether {what} manages any of Wayleave's resources.");
}

/// <summary>
/// How the closed enumerations are spelled in a record. A spelling, once released, never changes, so their members are never renamed.
/// </summary>
internal static class EnumNames
{
    public static string GetName(ComponentType component) => GetName<ComponentType>(component).ToUpperInvariant();

    public static string GetName(SizeBucket bucket) => bucket switch
    {
        SizeBucket.Zero => "0",
        SizeBucket.Units => "1-9",
        SizeBucket.Tens => "10-99",
        SizeBucket.Hundreds => "100-999",
        SizeBucket.Thousands => "1000+",
        _ => throw new ArgumentOutOfRangeException(nameof(bucket)),
    };

    /// <summary>The name of the member in lower case.</summary>
    public static string GetName<TEnum>(TEnum value)
        where TEnum : struct, Enum =>
        Enum.GetName(value)?.ToLowerInvariant() ?? throw new ArgumentOutOfRangeException(nameof(value));

    public static ImmutableArray<string> GetNames<TEnum>(Func<TEnum, string> name)
        where TEnum : struct, Enum =>
        [.. Enum.GetValues<TEnum>().Select(name)];
}
