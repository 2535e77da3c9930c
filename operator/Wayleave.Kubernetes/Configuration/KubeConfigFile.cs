using k8s.Exceptions;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// Reads kubeconfigs from disk. What switches verification off (<c>insecure-skip-tls-verify</c>) is refused with the reason.
/// </summary>
public static class KubeConfigFile
{
    private const int LargestFile = 1024 * 1024;

    /// <summary>The configuration of <paramref name="context"/>, or of the current context.</summary>
    /// <exception cref="KubeConfigException">The file or something in it cannot be used.</exception>
    public static ConnectionSource Read(string path, string? context = null)
    {
        var source = Load(path) ?? throw OriginOf(path).Error("it is empty; give a kubeconfig with clusters, contexts and users");
        return KubeConfigReader.Read([source], source.Origin, context);
    }

    /// <summary>
    /// The same of several files, as kubectl reads those of <c>KUBECONFIG</c>: the first that has an entry or a current context counts
    /// for it, and files that do not exist are skipped.
    /// </summary>
    /// <exception cref="KubeConfigException">One of them cannot be used, or none exists.</exception>
    public static ConnectionSource Read(IReadOnlyList<string> paths, string? context)
    {
        if (paths is [var only])
        {
            return Read(only, context);
        }

        List<KubeConfigSource> sources = [];
        var missing = 0;
        foreach (var path in paths)
        {
            try
            {
                if (Load(path) is { } source)
                {
                    sources.Add(source);
                }
            }
            catch (KubeConfigException error) when (error.InnerException is FileNotFoundException or DirectoryNotFoundException)
            {
                missing++;
            }
        }

        var all = OriginOf(string.Join(Path.PathSeparator, paths));
        return missing < paths.Count
            ? KubeConfigReader.Read(sources, all, context)
            : throw all.Error("none of these files exists; correct the paths");
    }

    private static KubeConfigOrigin OriginOf(string path) =>
        new($"kubeconfig {path}: ", Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", ShowsNames: true);

    // Null for an empty one.
    private static KubeConfigSource? Load(string path)
    {
        try
        {
            var origin = OriginOf(path);
            var text = LengthLimitedFile.ReadText(path, LargestFile)
                ?? throw origin.Error($"it is larger than {LargestFile} bytes; keep just the contexts that are used");
            return KubeConfigNode.Parse(text, origin) is { } root ? new KubeConfigSource(root, origin) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new KubeConfigException(
                $"kubeconfig {path} cannot be read: {LengthLimitedFile.Describe(error)}; correct the path", error);
        }
    }
}
