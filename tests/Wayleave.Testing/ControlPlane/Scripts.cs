namespace Wayleave.Testing.ControlPlane;

/// <summary>The shell scripts in <c>tests/control-plane</c> of the checkout that this assembly was built in.</summary>
internal static class Scripts
{
    public static string Cluster => Find("cluster");

    /// <summary>The folder with helm and kubectl; the first call on a machine downloads them.</summary>
    /// <exception cref="InvalidOperationException">The script failed; the message has its output.</exception>
    public static async Task<string> ToolsFolderAsync(CancellationToken cancellationToken)
    {
        var result = await ChildProcess.RunAsync(Find("tools"), [], cancellationToken: cancellationToken);
        return result.EnsureSuccess().Output.Trim();
    }

    /// <summary>The version of the API server that the tests use, such as <c>Kubernetes v1.36.2</c>.</summary>
    /// <exception cref="InvalidOperationException">The script failed; the message has its output.</exception>
    public static async Task<string> ServerVersionAsync(CancellationToken cancellationToken)
    {
        var result = await ChildProcess.RunAsync(Find("version"), [], cancellationToken: cancellationToken);
        return result.EnsureSuccess().Output.Trim();
    }

    private static string Find(string name) => Checkout.PathOf("tests", "control-plane", name);
}
