namespace Wayleave.Generator.Output;

/// <summary>Files that a folder must hold.</summary>
/// <param name="pattern">Matches the names of generated files. A matching file that is no longer generated is deleted.</param>
/// <param name="files">Text by name.</param>
internal sealed class GeneratedFolder(string pattern, IReadOnlyDictionary<string, string> files)
{
    public IReadOnlyDictionary<string, string> Files => files;

    /// <summary>Writes changed files and deletes stale ones. Returns the changed paths.</summary>
    public IReadOnlyList<string> Write(string folder)
    {
        Directory.CreateDirectory(folder);
        var touched = GetDifferences(folder);
        foreach (var path in touched)
        {
            if (files.TryGetValue(Path.GetFileName(path), out var text))
            {
                File.WriteAllText(path, text);
            }
            else
            {
                File.Delete(path);
            }
        }

        return touched;
    }

    /// <summary>The paths that are missing, stale or not as generated, in order.</summary>
    public IReadOnlyList<string> GetDifferences(string folder)
    {
        var present = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, pattern) : [];
        return files.Keys
            .Select(name => Path.Combine(folder, name))
            .Union(present, StringComparer.Ordinal)
            .Where(path => !File.Exists(path) || files.GetValueOrDefault(Path.GetFileName(path)) != File.ReadAllText(path))
            .Order(StringComparer.Ordinal)
            .ToList();
    }
}
