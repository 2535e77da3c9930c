using System.Diagnostics;

namespace Wayleave.EventStore.Tests.Support;

/// <summary>A file system in memory, which only root can mount.</summary>
internal sealed class SmallDisk : IDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static SmallDisk MountOrSkip(string parent, string size)
    {
        var path = Directory.CreateDirectory(System.IO.Path.Combine(parent, "disk")).FullName;
        Skip.IfNot(OperatingSystem.IsLinux() && Run("mount", "-t", "tmpfs", "-o", $"size={size}", "tmpfs", path), "mounting a tmpfs needs root");
        return new SmallDisk(path);
    }

    /// <param name="option"><c>ro</c> or <c>rw</c>.</param>
    public void Remount(string option) => Run("mount", "-o", $"remount,{option}", Path).ShouldBeTrue();

    public void Dispose() => Run("umount", "-l", Path);

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true });
        process!.WaitForExit();
        return process.ExitCode == 0;
    }
}
