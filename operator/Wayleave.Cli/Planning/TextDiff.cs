namespace Wayleave.Cli.Planning;

/// <summary>The difference of two texts, line by line.</summary>
internal static class TextDiff
{
    private const int Context = 3;

    // The table of the longest common subsequence has a cell for each pair of lines.
    private const int MaxLines = 4000;

    /// <summary>Lines that begin with <c>+</c>, <c>-</c> or a space. Unchanged lines far from a change are left out.</summary>
    public static IReadOnlyList<string> Compare(string before, string after)
    {
        var (left, right) = (Lines(before), Lines(after));
        List<string> all = left.Length > MaxLines || right.Length > MaxLines
            ? [.. left.Select(line => $"-{line}"), .. right.Select(line => $"+{line}")]
            : Align(left, right);
        return Near(all);
    }

    private static string[] Lines(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');

    private static List<string> Align(string[] left, string[] right)
    {
        var common = new int[left.Length + 1, right.Length + 1];
        for (var i = left.Length - 1; i >= 0; i--)
        {
            for (var j = right.Length - 1; j >= 0; j--)
            {
                common[i, j] = left[i] == right[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var lines = new List<string>();
        var (row, column) = (0, 0);
        while (row < left.Length || column < right.Length)
        {
            if (row < left.Length && column < right.Length && left[row] == right[column])
            {
                lines.Add($" {left[row++]}");
                column++;
            }
            else if (column == right.Length || (row < left.Length && common[row + 1, column] >= common[row, column + 1]))
            {
                lines.Add($"-{left[row++]}");
            }
            else
            {
                lines.Add($"+{right[column++]}");
            }
        }

        return lines;
    }

    private static List<string> Near(List<string> lines)
    {
        var shown = new bool[lines.Count];
        for (var i = 0; i < lines.Count; i++)
        {
            for (var j = Math.Max(0, i - Context); lines[i][0] != ' ' && j <= Math.Min(lines.Count - 1, i + Context); j++)
            {
                shown[j] = true;
            }
        }

        var near = new List<string>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (shown[i])
            {
                near.Add(lines[i]);
            }
            else if (near.Count > 0 && near[^1] != "..." && i + 1 < lines.Count)
            {
                near.Add("...");
            }
        }

        return near.Count > 0 && near[^1] == "..." ? near[..^1] : near;
    }
}
