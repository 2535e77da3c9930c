using k8s.Exceptions;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// Reads kubeconfigs from disk. What switches verification off (<c>insecure-skip-tls-verify</c>) is refused with the reason, unless the
/// policy allows it.
/// </summary>
public static class KubeConfigFile
{
    /// <summary>The configuration of <paramref name="context"/>, or of the current context.</summary>
    /// <param name="policy">Null for <see cref="KubeConfigPolicy.Strict"/>.</param>
    /// <exception cref="KubeConfigException">The file or something in it cannot be used.</exception>
    public static ConnectionSource Read(string path, string? context = null, KubeConfigPolicy? policy = null)
    {
        var root = Load(path) ?? throw CreateOrigin(path).Error("it is empty; give a kubeconfig with clusters, contexts and users");
        return KubeConfigReader.Read([root], root.Origin, context, policy ?? KubeConfigPolicy.Strict);
    }

    /// <summary>
    /// Merges several files as kubectl does for <c>KUBECONFIG</c>: the first file that has an entry or a current context takes precedence,
    /// and files that do not exist are skipped.
    /// </summary>
    /// <exception cref="KubeConfigException">One of them cannot be used, or none exists.</exception>
    public static ConnectionSource Read(IReadOnlyList<string> paths, string? context, KubeConfigPolicy? policy = null)
    {
        if (paths is [var only])
        {
            return Read(only, context, policy);
        }

        List<KubeConfigNode> roots = [];
        var missing = 0;
        foreach (var path in paths)
        {
            try
            {
                if (Load(path) is { } root)
                {
                    roots.Add(root);
                }
            }
            catch (KubeConfigException error) when (error.InnerException is FileNotFoundException or DirectoryNotFoundException)
            {
                missing++;
            }
        }

        var all = CreateOrigin(string.Join(Path.PathSeparator, paths));
        return missing < paths.Count
            ? KubeConfigReader.Read(roots, all, context, policy ?? KubeConfigPolicy.Strict)
            : throw all.Error("none of these files exists; correct the paths");
    }

    private static KubeConfigOrigin CreateOrigin(string path) =>
        new($"kubeconfig {path}: ", Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/", ShowsNames: true);

    // Null for an empty one.
    private static KubeConfigNode? Load(string path)
    {
        try
        {
            var origin = CreateOrigin(path);
            var text = LengthLimitedFile.ReadText(path)
                ?? throw origin.Error($"it is larger than {LengthLimitedFile.MaxBytes} bytes; keep just the contexts that are used");
            return KubeConfigNode.Parse(text, origin);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new KubeConfigException(
                $"kubeconfig {path} cannot be read: {LengthLimitedFile.Describe(error)}; correct the path", error);
        }
    }
}

/// <summary>What a kubeconfig on disk may contain. Kubeconfigs of member clusters are always read strictly.</summary>
public sealed class KubeConfigPolicy
{
    private readonly Action<string>? _warn;

    private KubeConfigPolicy(Action<string>? warn) => _warn = warn;

    /// <summary>
    /// For the operator: the connection is encrypted, the API server is verified, and no proxy is between. Anything else is refused.
    /// </summary>
    public static KubeConfigPolicy Strict { get; } = new(warn: null);

    /// <summary>Whether <c>http://</c> addresses, <c>proxy-url</c> and <c>insecure-skip-tls-verify</c> are allowed.</summary>
    internal bool IsPersonal => _warn is not null;

    /// <summary>For a program that a person runs, which connects as kubectl does.</summary>
    /// <param name="warn">Called with a sentence if the API server is not verified.</param>
    public static KubeConfigPolicy CreatePersonal(Action<string> warn) => new(warn);

    internal void Warn(string message) => _warn?.Invoke(message);
}
