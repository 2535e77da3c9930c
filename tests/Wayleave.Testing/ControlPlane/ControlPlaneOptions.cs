namespace Wayleave.Testing.ControlPlane;

/// <summary>The options of a control plane.</summary>
public sealed record ControlPlaneOptions
{
    /// <summary>
    /// The kubeconfig of a cluster to use instead of starting one; the other options are then ignored. Null always starts one, for a test that stops
    /// its API server.
    /// </summary>
    public string? ExternalKubeconfig { get; init; } = Environment.GetEnvironmentVariable("WAYLEAVE_E2E_KUBECONFIG");

    /// <summary>Records every request, which costs the API server some time on each.</summary>
    public bool Audit { get; init; }

    /// <summary>More arguments for kube-apiserver, for example <c>--max-requests-inflight=5</c> to provoke 429.</summary>
    public IReadOnlyList<string> ApiServerArguments { get; init; } = [];

    public IReadOnlyList<string> ControllerManagerArguments { get; init; } = [];

    public IReadOnlyList<string> EtcdArguments { get; init; } = [];
}
