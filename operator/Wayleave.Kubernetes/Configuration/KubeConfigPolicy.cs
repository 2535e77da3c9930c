namespace Wayleave.Kubernetes.Configuration;

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
