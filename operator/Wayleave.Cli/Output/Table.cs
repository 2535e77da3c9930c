using System.Text;

namespace Wayleave.Cli.Output;

/// <summary>A table as kubectl prints it: columns as wide as their longest cell, three spaces apart.</summary>
/// <param name="headers">In capitals.</param>
internal sealed class Table(params IReadOnlyList<string> headers)
{
    private const int Gap = 3;
    private readonly List<IReadOnlyList<Cell>> _rows = [];

    public int Count => _rows.Count;

    /// <summary>A table with a row for each item.</summary>
    public static Table Create<T>(IEnumerable<T> items, params IEnumerable<Column<T>> columns)
    {
        List<Column<T>> shown = [.. columns.Where(column => column.IsShown)];
        var table = new Table([.. shown.Select(column => column.Header)]);
        foreach (var item in items)
        {
            table.Add([.. shown.Select(column => column.Read(item))]);
        }

        return table;
    }

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

/// <summary>A column of a table of items.</summary>
/// <param name="Header">In capitals.</param>
internal sealed record Column<T>(string Header, Func<T, Cell> Read, bool IsShown = true);

/// <summary>A cell with text that is safe for a terminal.</summary>
internal readonly record struct Cell
{
    public Cell(string? text, Color color = Color.None) => (Text, Color) = (TerminalText.Clean(text), color);

    /// <summary>A condition's status or a target's state, in its color.</summary>
    public static Cell ForState(string? state) => new(state, Palette.ForState(state));

    public string Text { get; }

    public Color Color { get; }

    public static implicit operator Cell(string? text) => new(text);
}
