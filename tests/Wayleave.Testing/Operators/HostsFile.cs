namespace Wayleave.Testing.Operators;

/// <summary>Gives a process an <c>/etc/hosts</c> of its own, in a mount namespace of its own: what it looks up is then known to a test.</summary>
internal static class HostsFile
{
    // The file is bound over the machine's for this process alone; no root is needed where user namespaces are allowed.
    private const string Script = "mount --bind \"$0\" /etc/hosts && exec \"$@\"";

    /// <summary>The words before a command; none without a file.</summary>
    public static IReadOnlyList<string> Launcher(string? path) =>
        path is null ? [] : ["unshare", "--map-root-user", "--mount", "sh", "-c", Script, path];
}
