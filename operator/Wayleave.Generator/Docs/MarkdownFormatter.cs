using System.Text.RegularExpressions;

namespace Wayleave.Generator.Docs;

/// <summary>Texts as cells of a Markdown table.</summary>
internal static partial class MarkdownFormatter
{
    /// <summary>A sentence that mentions flags and variables; these are shown as code.</summary>
    public static string Sentence(string text) => Names().Replace(Escape(text), "`$0`");

    /// <summary>Code. Empty for an empty text.</summary>
    public static string Code(string text) => text.Length == 0 ? "" : $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";

    private static string Escape(string text) => Special().Replace(text, @"\$0");

    [GeneratedRegex(@"[\\*|<>`\[\]]", RegexOptions.None, 1000)]
    private static partial Regex Special();

    // --clusters, DO_NOT_TRACK=1, KUBECONFIG
    [GeneratedRegex(@"--[a-z]+(-[a-z]+)*|\b([A-Z]+(_[A-Z]+)+|KUBECONFIG)(=\w+)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();
}
