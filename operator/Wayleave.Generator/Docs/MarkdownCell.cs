using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Wayleave.Generator.Docs;

/// <summary>Texts as cells of a Markdown table.</summary>
internal static partial class MarkdownCell
{
    /// <summary>A sentence that mentions flags and variables. These, and what is between backticks, are shown as code.</summary>
    public static string FormatSentence(string text) => string.Concat(text.Split('`').Select((part, i) =>
        i % 2 == 1 ? FormatCode(part) : Names().Replace(Special().Replace(part, @"\$0"), "`$0`")));

    /// <summary>Code. Empty for an empty text.</summary>
    public static string FormatCode(string text) => text.Length == 0 ? "" : $"`{text.Replace("|", "\\|", StringComparison.Ordinal)}`";

    /// <summary>A section about the exit codes of a program: the constants of a class.</summary>
    public static void AppendExitCodes(StringBuilder text, Type codes)
    {
        var docs = XmlDocs.Load(codes.Assembly);
        text.Append("\n## Exit codes\n\n| code | meaning |\n| --- | --- |\n");
        foreach (var code in codes.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {(int)code.GetRawConstantValue()!} | {docs.GetMarkdown(code, "summary")} |\n");
        }
    }

    [GeneratedRegex(@"[\\*|<>`\[\]]", RegexOptions.None, 1000)]
    private static partial Regex Special();

    // --clusters, DO_NOT_TRACK=1, KUBECONFIG
    [GeneratedRegex(@"--[a-z]+(-[a-z]+)*|\b([A-Z]+(_[A-Z]+)+|KUBECONFIG)(=\w+)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Names();
}
