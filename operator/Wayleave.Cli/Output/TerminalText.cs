using System.Globalization;

namespace Wayleave.Cli.Output;

/// <summary>Text from the cluster or from files, made safe for a terminal.</summary>
internal static class TerminalText
{
    /// <summary>Without control characters and without invisible characters that change how the rest is shown, on one line.</summary>
    public static string Clean(string? text) =>
        text?.Any(IsUnsafe) == true ? string.Concat(text.Select(letter => IsUnsafe(letter) ? '?' : letter)) : text ?? "";

    /// <summary>Whether a character can change how a terminal shows others.</summary>
    public static bool IsUnsafe(char letter) =>
        char.IsControl(letter)
            || char.GetUnicodeCategory(letter) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
