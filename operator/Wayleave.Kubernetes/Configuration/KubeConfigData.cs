using System.Text;
using k8s.Exceptions;

namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// Reads an untrusted kubeconfig. In addition to what <see cref="KubeConfigFile"/> refuses, it opens no file and requires exactly one
/// context. No message quotes a value or a name.
/// </summary>
public static class KubeConfigData
{
    /// <summary>The largest kubeconfig, in bytes.</summary>
    public const int MaxBytes = 256 * 1024;

    private static readonly KubeConfigOrigin _origin = new("", Folder: null, ShowsNames: false);

    /// <exception cref="KubeConfigException">Something in it cannot be used.</exception>
    public static ConnectionSource Read(ReadOnlySpan<byte> data)
    {
        if (data.Length > MaxBytes)
        {
            throw _origin.Error(
                $"it is larger than {MaxBytes} bytes; keep only the context to use (`kubectl config view --minify --flatten`)");
        }

        var root = KubeConfigNode.Parse(Encoding.UTF8.GetString(data).TrimStart('\uFEFF'), _origin)
            ?? throw _origin.Error("it is empty; give a kubeconfig with clusters, contexts and users");
        var wantsOnly = root.GetText("current-context") is null;
        return root.GetEntries("contexts") switch
        {
            [var (only, _)] => KubeConfigReader.Read([root], _origin, wantsOnly ? only : null, KubeConfigPolicy.Strict),
            [] => throw root.Error("contexts", "has no entry; give one"),
            var entries => throw root.Error(
                "contexts", $"has {entries.Count} entries; keep only the one to use (`kubectl config view --minify --flatten`)"),
        };
    }
}
