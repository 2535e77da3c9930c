namespace Wayleave.Testing.Operators;

/// <summary>An older version of the chart, whose ClientIntents have no clusters.</summary>
public static class OlderChart
{
    /// <summary>Writes the chart below a folder.</summary>
    /// <returns>The folder of the chart.</returns>
    public static async Task<string> WriteAsync(string folder)
    {
        var older = Path.Combine(folder, "older", "wayleave");
        foreach (var file in Directory.EnumerateFiles(Checkout.Chart, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(older, Path.GetRelativePath(Checkout.Chart, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        var chart = Path.Combine(older, "Chart.yaml");
        await File.WriteAllLinesAsync(chart, (await File.ReadAllLinesAsync(chart)).Select(line => line.StartsWith("version:", StringComparison.Ordinal) ? "version: 0.0.9" : line));
        await RemoveClustersAsync(Path.Combine(older, "files", "crds", "wayleave.dev_clientintents.yaml"));
        return older;
    }

    private static async Task RemoveClustersAsync(string definition)
    {
        var lines = await File.ReadAllLinesAsync(definition);
        var from = Array.FindIndex(lines, line => line.Trim() == "clusters:");
        var indent = Indent(lines[from]);
        var to = Array.FindIndex(lines, from + 1, line => Indent(line) <= indent);
        await File.WriteAllLinesAsync(definition, [.. lines[..from], .. lines[to..]]);
    }

    private static int Indent(string line) => line.TakeWhile(char.IsWhiteSpace).Count();
}
