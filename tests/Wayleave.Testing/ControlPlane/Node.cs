namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// A running <c>node</c> script: this machine runs the Pods of a control plane, in the namespaces that <c>tests/one-node/run</c> has made.
/// </summary>
public sealed class Node : IAsyncDisposable
{
    // On the file system in memory that goes with the namespaces, whatever is still mounted or running in it.
    private const string Folder = "/run/node/data";

    private readonly ClusterProcess _process;

    private Node(ClusterProcess process) => _process = process;

    /// <summary>The address of the machine that Pods reach.</summary>
    public const string Gateway = "10.244.0.1";

    /// <summary>What the control plane has to be started with.</summary>
    public static ControlPlaneOptions ControlPlane { get; } = new()
    {
        Audit = true,
        ApiServerArguments = ["--bind-address=0.0.0.0", $"--advertise-address={Gateway}", "--allow-privileged=true", "--kubelet-preferred-address-types=InternalIP"],
        ControllerManagerArguments = ["--controllers=*"],
    };

    /// <summary>Returns when Pods run.</summary>
    /// <param name="images">Archives of images that Pods can be of.</param>
    /// <exception cref="InvalidOperationException">It did not become ready; the message has the end of the log.</exception>
    public static async Task<Node> StartAsync(ControlPlane plane, IReadOnlyList<string> images, CancellationToken cancellationToken = default)
    {
        var script = Checkout.PathOf("tests", "one-node", "node");
        string[] arguments = [Folder, plane.KubeconfigPath, .. images];
        return new Node(await ClusterProcess.StartAsync(script, arguments, cancellationToken));
    }

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
