using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>Names a Secret and a key in it.</summary>
public sealed class KubeconfigSecretRef
{
    /// <summary>The operator's own namespace; no other may be named. That one when absent.</summary>
    [Schema(MaxLength = 63, Pattern = Patterns.Label)]
    public string? Namespace { get; set; }

    /// <summary>The Secret.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The key whose value is the kubeconfig; kubeconfig when absent.</summary>
    [Schema(MinLength = 1, MaxLength = 253)]
    public string? Key { get; set; }
}
