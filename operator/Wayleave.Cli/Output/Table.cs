using System.Text;

namespace Wayleave.Cli.Output;

/// <summary>A table as kubectl prints it: columns as wide as their longest cell, three spaces apart.</summary>
/// <param name="headers">In capitals.</param>
internal sealed class Table(params IReadOnlyList<string> headers)
{
    private const int Gap = 3;
    private readonly List<IReadOnlyList<Cell>> _rows = [];

    public int Count => _rows.Count;

    public void Add(params IReadOnlyList<Cell> cells) => _rows.Add(cells);

    public void Print(TextWriter output, Palette palette, bool hasHeaders = true)
    {
        List<IReadOnlyList<Cell>> rows = [.. _rows];
        if (hasHeaders)
        {
            rows.Insert(0, [.. headers.Select(header => new Cell(header))]);
        }

        var widths = new int[headers.Count];
        foreach (var row in rows)
        {
            for (var column = 0; column < row.Count; column++)
            {
                widths[column] = Math.Max(widths[column], row[column].Text.Length);
            }
        }

        // One write, because the console is not buffered.
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            var last = row.ToList().FindLastIndex(cell => cell.Text.Length > 0);
            for (var column = 0; column <= last; column++)
            {
                var cell = row[column];
                text.Append(palette.Paint(cell.Text, cell.Color));
                if (column < last)
                {
                    text.Append(' ', widths[column] - cell.Text.Length + Gap);
                }
            }

            text.Append(output.NewLine);
        }

        output.Write(text);
    }
}

/// <summary>A cell with text that is safe for a terminal.</summary>
internal readonly record struct Cell
{
    public Cell(string? text, Color color = Color.None)
    {
        (Text, Color) = (TerminalText.Clean(text), color);
    }

    public string Text { get; }

    public Color Color { get; }

    public static implicit operator Cell(string? text) => new(text);
}
