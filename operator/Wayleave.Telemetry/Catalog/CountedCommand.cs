using System.Collections.Immutable;

namespace Wayleave.Telemetry.Catalog;

/// <summary>
/// All that is kept of a run of the command line: a command of <see cref="CountedCommandCatalog"/> and the names of options that were
/// given. There is no way to make one of another text.
/// </summary>
public sealed record CountedCommand
{
    private const char Separator = ',';

    private CountedCommand(string noun, string? verb, string modifiers) => (Noun, Verb, Modifiers) = (noun, verb, modifiers);

    public string Noun { get; }

    /// <summary>Null if the command is a noun alone.</summary>
    public string? Verb { get; }

    /// <summary>Names of options without dashes, in ordinal order, separated by commas; empty for none.</summary>
    public string Modifiers { get; }

    /// <summary>Null if the catalog does not have the command. Options that it does not have are left out.</summary>
    /// <param name="noun">The first word of the command.</param>
    /// <param name="verb">The second word, if there is one.</param>
    /// <param name="options">The names of options, without dashes.</param>
    public static CountedCommand? CreateOrNull(string noun, string? verb, IEnumerable<string> options) =>
        CountedCommandCatalog.Commands.Contains((noun, verb))
            ? new CountedCommand(noun, verb, string.Join(Separator, CountedCommandCatalog.Modifiers.Intersect(options)))
            : null;

    public override string ToString() => $"{Noun} {Verb} {Modifiers}";

    internal CountedCommand WithoutModifiers() => new(Noun, Verb, "");

    /// <summary>Reads back what the ledger kept. Null unless each word is of the catalog, and the modifiers are in order.</summary>
    internal static CountedCommand? ParseOrNull(string? noun, string? verb, string? modifiers) =>
        noun is not null && (modifiers is null || AreModifiers(modifiers, CountedCommandCatalog.Modifiers))
            ? CreateOrNull(noun, verb, modifiers?.Split(Separator) ?? [])
            : null;

    /// <summary>Whether a text is one or more of some words in their order, each at most once.</summary>
    internal static bool AreModifiers(string text, ImmutableArray<string> words) =>
        text.Length > 0 && string.Join(Separator, words.Intersect(text.Split(Separator))) == text;
}

/// <summary>
/// The commands that are counted, and the options whose names are counted with them. A test compares both with the command tree of the
/// program.
/// </summary>
public static class CountedCommandCatalog
{
    /// <summary>In ordinal order. The verb is null if the command is a noun alone.</summary>
    public static ImmutableArray<(string Noun, string? Verb)> Commands { get; } =
    [
        ("clusters", "get"), ("clusters", "list"),
        ("events", "list"),
        ("intents", "can"), ("intents", "explain"), ("intents", "get"), ("intents", "list"), ("intents", "preview"),
        ("intents", "validate"),
        ("map", "diff"), ("map", "export"), ("map", "list"), ("map", "reset"), ("map", "visualize"),
        ("policies", "diff"), ("policies", "list"),
        ("support", "bundle"),
        ("version", null),
    ];

    /// <summary>Names of options without dashes, in ordinal order.</summary>
    public static ImmutableArray<string> Modifiers { get; } =
    [
        "all-namespaces", "around", "client", "context", "depth", "dir", "enforce", "file", "filename", "format", "include",
        "include-infrastructure", "kubeconfig", "limit", "merge", "min-days", "namespace", "namespaces", "no-headers",
        "operator-namespace", "outcome", "output", "output-file", "port", "run", "selector", "server", "session", "since", "subject",
        "type", "undeclared", "until", "with-names", "yes",
    ];

    internal static ImmutableArray<string> Nouns { get; } = [.. Commands.Select(command => command.Noun).Distinct()];

    internal static ImmutableArray<string> Verbs { get; } =
        [.. Commands.Select(command => command.Verb).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
}
