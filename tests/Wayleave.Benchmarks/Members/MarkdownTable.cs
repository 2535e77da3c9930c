namespace Wayleave.Benchmarks.Members;

/// <summary>A table of measurements.</summary>
internal sealed class MarkdownTable
{
    private readonly List<(string What, string Value)> _rows = [];

    public void Add(string what, FormattableString value) => _rows.Add((what, FormattableString.Invariant(value)));

    public async Task WriteAsync(TextWriter output)
    {
        await output.WriteLineAsync("| what | measured |");
        await output.WriteLineAsync("| --- | --- |");
        foreach (var (what, value) in _rows)
        {
            await output.WriteLineAsync($"| {what} | {value} |");
        }
    }
}
