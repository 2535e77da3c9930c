namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// Reads a kubeconfig from disk. What would run a program (<c>exec</c>, <c>auth-provider</c>) or switch verification off
/// (<c>insecure-skip-tls-verify</c>) is refused with the reason.
/// </summary>
public sealed class KubeConfigFile(TimeProvider time)
{
    private const long LargestFile = 1024 * 1024;

    private readonly KubeConfigReader _reader = new(time);

    /// <summary>The configuration of <paramref name="context"/>, or of the current context.</summary>
    /// <exception cref="KubeConfigException">The file or something in it cannot be used.</exception>
    public KubernetesClientConfiguration Read(string path, string? context = null)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > LargestFile)
            {
                throw new KubeConfigException($"kubeconfig {path}: larger than {LargestFile} bytes.");
            }

            return _reader.Read(KubeConfigNode.Parse(File.ReadAllText(path)), context, new KubeConfigFiles(Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KubeConfigException($"kubeconfig {path} cannot be read: {error.Message}", error);
        }
        catch (KubeConfigException error)
        {
            throw new KubeConfigException($"kubeconfig {path}: {error.Message}", error);
        }
    }
}
