using System.Reflection;
using System.Text.RegularExpressions;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing;

namespace Wayleave.EndToEnd.Tests.Enforcement;

/// <summary>The pages for users: one for each kind, and the README.</summary>
internal static partial class DocumentationPages
{
    private const RegexOptions Lines = RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant;

    public const string Readme = "README.md";

    /// <summary>The generated list of the kinds.</summary>
    public const string List = "docs/kinds.md";

    public const string Troubleshooting = "docs/troubleshooting.md";

    /// <summary>The kinds of the API, as users write them.</summary>
    public static IReadOnlyList<string> Kinds { get; } = typeof(ClientIntents).Assembly.GetTypes()
        .Select(type => type.GetCustomAttribute<KubernetesEntityAttribute>()?.Kind)
        .OfType<string>()
        .Order(StringComparer.Ordinal)
        .ToList();

    /// <summary>Those with a status.</summary>
    public static IReadOnlyList<string> ReportedKinds { get; } = typeof(ClientIntents).Assembly.GetTypes()
        .Where(type => type.GetProperty(nameof(ClientIntents.Status)) is not null)
        .Select(type => type.GetCustomAttribute<KubernetesEntityAttribute>()?.Kind)
        .OfType<string>()
        .Order(StringComparer.Ordinal)
        .ToList();

    /// <summary>The page about a kind, from the top of the checkout.</summary>
    public static string PageOf(string kind) => $"docs/{kind.ToLowerInvariant()}.md";

    public static string Read(string page) => File.ReadAllText(Checkout.PathOf(page));

    /// <summary>The blocks in YAML, in their order.</summary>
    public static IReadOnlyList<string> Examples(string page) => [.. Yaml().Matches(Read(page)).Select(block => block.Groups["text"].Value)];

    /// <summary>The reasons that a page names: in the tables whose first column has them, and in what kubectl shows.</summary>
    public static IReadOnlySet<string> Reasons(string page)
    {
        var text = Read(page);
        var listed = Tables().Matches(text).SelectMany(table => table.Groups["cell"].Captures).SelectMany(cell => Word().Matches(cell.Value));
        return listed.Concat(Shown().Matches(text)).Select(word => word.Groups["word"].Value).ToHashSet(StringComparer.Ordinal);
    }

    [GeneratedRegex("^```yaml\n(?<text>.*?)^```$", Lines | RegexOptions.Singleline, 1000)]
    private static partial Regex Yaml();

    [GeneratedRegex(@"^\| reason \|.*\n\|[-| ]+\n(\|(?<cell>[^|]*)\|.*\n)+", Lines, 1000)]
    private static partial Regex Tables();

    [GeneratedRegex("`(?<word>[^`]*)`", Lines, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"^ *Reason: +(?<word>\S+)$", Lines, 1000)]
    private static partial Regex Shown();
}
