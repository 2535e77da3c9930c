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

    /// <summary>The folder of the checkout that this assembly was built in.</summary>
    public static string RepositoryRoot => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Cluster)!, "..", ".."));

    private static string Find(string name)
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (File.Exists(Path.Combine(folder, "Operator.sln")))
            {
                return Path.Combine(folder, "tests", "control-plane", name);
            }
        }

        throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds Operator.sln");
    }
}
