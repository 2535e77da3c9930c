namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// Finds the configuration in the usual order: the file that was named, the files of <c>KUBECONFIG</c>, the pod's own,
/// <c>~/.kube/config</c>.
/// </summary>
public sealed class ConfigurationLocator(
    IReadOnlyDictionary<string, string> environment, TimeProvider time, string serviceAccountPath = InClusterConfiguration.DefaultPath)
{
    /// <exception cref="KubeConfigException">None was found, or the one found cannot be used.</exception>
    public KubernetesClientConfiguration Locate(string? kubeconfig, string? context)
    {
        var files = new KubeConfigFile(time);
        if (kubeconfig is { Length: > 0 })
        {
            return files.Read(kubeconfig, context);
        }

        var listed = environment.GetValueOrDefault("KUBECONFIG", "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        if (listed.Length > 0)
        {
            return files.Read([.. listed.Distinct(StringComparer.Ordinal)], context);
        }

        var inCluster = new InClusterConfiguration(environment, time, serviceAccountPath);
        if (inCluster.IsInCluster())
        {
            return context is null
                ? inCluster.Build()
                : throw new KubeConfigException("--context: a pod's own configuration has no contexts; leave it out, or give --kubeconfig");
        }

        var home = Path.Combine(environment.GetValueOrDefault("HOME", "/"), ".kube", "config");
        return File.Exists(home)
            ? files.Read(home, context)
            : throw new KubeConfigException(
                "no cluster is configured; give --kubeconfig, set KUBECONFIG, or run in a pod with a service account");
    }
}
