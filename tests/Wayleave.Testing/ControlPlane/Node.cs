namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// A running <c>node</c> script, which runs the Pods of a control plane on this machine, in the Linux namespaces that <c>tests/one-node/run</c>
/// creates.
/// </summary>
public sealed class Node : IAsyncDisposable
{
    // In a memory file system that is removed with the Linux namespaces, even if something is still mounted or running in it.
    private const string Folder = "/run/node/data";

    private readonly ClusterProcess _process;

    private Node(ClusterProcess process) => _process = process;

    /// <summary>The address at which Pods reach the machine.</summary>
    public const string Gateway = "10.244.0.1";

    /// <summary>The options that the control plane needs.</summary>
    public static ControlPlaneOptions ControlPlane { get; } = new()
    {
        Audit = true,
        ApiServerArguments = ["--bind-address=0.0.0.0", $"--advertise-address={Gateway}", "--allow-privileged=true", "--kubelet-preferred-address-types=InternalIP"],
        ControllerManagerArguments = ["--controllers=*"],
    };

    /// <summary>Starts the node, and returns when Pods can run.</summary>
    /// <param name="images">Archives of the images for Pods.</param>
    /// <exception cref="InvalidOperationException">It did not become ready; the message has the end of the log.</exception>
    public static async Task<Node> StartAsync(ControlPlane plane, IReadOnlyList<string> images, CancellationToken cancellationToken = default)
    {
        var script = Checkout.PathOf("tests", "one-node", "node");
        string[] arguments = [Folder, plane.KubeconfigPath, .. images];
        return new Node(await ClusterProcess.StartAsync(script, arguments, cancellationToken));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
