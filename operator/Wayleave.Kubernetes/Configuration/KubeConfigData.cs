using System.Text;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// Reads a kubeconfig that somebody else gave: beyond what <see cref="KubeConfigFile"/> refuses, no file is opened, and there is one
/// context and no other. No message quotes a value.
/// </summary>
public sealed class KubeConfigData(TimeProvider time)
{
    /// <summary>In bytes.</summary>
    public const int Largest = 256 * 1024;

    private readonly KubeConfigReader _reader = new(time);

    /// <exception cref="KubeConfigException">Something in it cannot be used.</exception>
    public KubernetesClientConfiguration Read(ReadOnlySpan<byte> data)
    {
        if (data.Length > Largest)
        {
            throw new KubeConfigException($"it is larger than {Largest} bytes.");
        }

        var root = KubeConfigNode.Parse(Encoding.UTF8.GetString(data), allowAliases: false);
        return root.Names("contexts") switch
        {
            [var only] => _reader.Read(root, root.Text("current-context") ?? only, new KubeConfigFiles(folder: null)),
            [] => throw new KubeConfigException("contexts has no entry; give one."),
            var names => throw new KubeConfigException($"contexts has {names.Count} entries; give just the one that is meant (`kubectl config view --minify --flatten`)."),
        };
    }
}
