namespace Wayleave.Cli.Manifests;

/// <summary>Finds the files of <c>-f</c>.</summary>
internal static class ManifestFiles
{
    private const long LargestFile = 16 * 1024 * 1024;
    private static readonly string[] _extensions = [".yaml", ".yml", ".json"];

    /// <summary>Reads the documents of files, of the files of folders, and of the standard input for <c>-</c>.</summary>
    /// <exception cref="CliException">A file cannot be read.</exception>
    /// <exception cref="ManifestException">A file is not YAML.</exception>
    public static IReadOnlyList<ManifestDocument> Read(IEnumerable<string> paths, TextReader input) =>
        [.. paths.SelectMany(path => path == "-" ? ManifestReader.Read("<stdin>", input.ReadToEnd()) : ReadPath(path))];

    private static IEnumerable<ManifestDocument> ReadPath(string path)
    {
        if (!Directory.Exists(path))
        {
            return ManifestReader.Read(path, ReadFile(path));
        }

        var files = Directory.EnumerateFiles(path)
            .Where(file => _extensions.Contains(Path.GetExtension(file), StringComparer.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0
            ? files.SelectMany(file => ManifestReader.Read(file, ReadFile(file)))
            : throw new CliException($"{path} has no files with the extension .yaml, .yml or .json");
    }

    private static string ReadFile(string path)
    {
        try
        {
            return new FileInfo(path).Length <= LargestFile
                ? File.ReadAllText(path)
                : throw new CliException($"{path} is larger than {LargestFile / 1024 / 1024} MiB");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException($"the path \"{path}\" does not exist");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new CliException($"{path} cannot be read: {error.Message}");
        }
    }
}
