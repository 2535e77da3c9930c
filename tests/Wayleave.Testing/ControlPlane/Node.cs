namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// A running <c>node</c> script: this machine runs the Pods of a control plane, in the namespaces that <c>tests/one-node/run</c> has made.
/// </summary>
public sealed class Node : IAsyncDisposable
{
    private readonly ClusterProcess _process;

    private Node(ClusterProcess process) => _process = process;

    /// <summary>The address of the machine that Pods reach.</summary>
    public const string Gateway = "10.244.0.1";

    /// <summary>What the control plane has to be started with.</summary>
    public static ControlPlaneOptions ControlPlane { get; } = new()
    {
        Audit = true,
        ApiServerArguments = ["--bind-address=0.0.0.0", $"--advertise-address={Gateway}", "--allow-privileged=true"],
        ControllerManagerArguments = ["--controllers=*"],
    };

    /// <summary>Returns when Pods run.</summary>
    /// <param name="images">Archives of images that Pods can be of.</param>
    /// <exception cref="InvalidOperationException">It did not become ready; the message has the end of the log.</exception>
    public static async Task<Node> StartAsync(ControlPlane plane, IReadOnlyList<string> images, CancellationToken cancellationToken = default)
    {
        var script = Checkout.PathOf("tests", "one-node", "node");
        string[] arguments = [Path.Combine(plane.Directory, "node"), plane.KubeconfigPath, .. images];
        return new Node(await ClusterProcess.StartAsync(script, arguments, cancellationToken));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
