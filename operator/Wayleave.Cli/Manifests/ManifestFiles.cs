using Wayleave.Kubernetes.Configuration;

namespace Wayleave.Cli.Manifests;

/// <summary>Finds the files of <c>-f</c>.</summary>
internal static class ManifestFiles
{
    private const string StandardInput = "-";
    private const int LargestFile = 16 * 1024 * 1024;
    private static readonly string[] _extensions = [".yaml", ".yml", ".json"];

    /// <summary>Reads the documents of files, of the files of folders, and of the standard input for <c>-</c>.</summary>
    /// <param name="onMalformed">Called for each file that is not YAML. Null to stop at the first.</param>
    /// <exception cref="CliException">A file cannot be read.</exception>
    /// <exception cref="ManifestException">A file is not YAML, and <paramref name="onMalformed"/> is null.</exception>
    public static IReadOnlyList<ManifestDocument> Read(
        IReadOnlyCollection<string> paths, TextReader input, Action<ManifestException>? onMalformed = null)
    {
        if (paths.Count(path => path == StandardInput) > 1)
        {
            throw new CliException("-f - reads the standard input and can be given once", ExitCodes.BadUsage);
        }

        List<ManifestDocument> documents = [];
        foreach (var (name, text) in paths.SelectMany(path => path == StandardInput ? [ReadInput(input)] : ReadPath(path)))
        {
            try
            {
                documents.AddRange(ManifestReader.Read(name, text));
            }
            catch (ManifestException error) when (onMalformed is not null)
            {
                onMalformed(error);
            }
        }

        return documents;
    }

    private static (string Name, string Text) ReadInput(TextReader input) =>
        ("<stdin>", LengthLimitedFile.ReadText(input, LargestFile) ?? throw TooLarge("the standard input"));

    private static IEnumerable<(string Name, string Text)> ReadPath(string path)
    {
        if (!Directory.Exists(path))
        {
            return [(path, ReadFile(path))];
        }

        var files = Directory.EnumerateFiles(path)
            .Where(file => _extensions.Contains(Path.GetExtension(file), StringComparer.Ordinal))
            .Order(StringComparer.Ordinal)
            .ToList();
        return files.Count > 0
            ? files.Select(file => (file, ReadFile(file)))
            : throw new CliException($"{path} has no files with the extension .yaml, .yml or .json");
    }

    private static string ReadFile(string path)
    {
        try
        {
            return LengthLimitedFile.ReadText(path, LargestFile) ?? throw TooLarge(path);
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

    private static CliException TooLarge(string what) => new($"{what} is larger than {LargestFile / 1024 / 1024} MiB");
}
