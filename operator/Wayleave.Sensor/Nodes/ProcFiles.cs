using System.Globalization;
using System.IO.Enumeration;
using System.Runtime.InteropServices;
using Wayleave.Sensor.Capture;

namespace Wayleave.Sensor.Nodes;

/// <summary>Reads what the sensor needs of /proc. Processes come and go meanwhile: what is not there has no lines.</summary>
/// <param name="directory">Where the /proc of the node is.</param>
internal sealed class ProcFiles(string directory)
{
    /// <summary>The most addresses of a network namespace of a Pod.</summary>
    public const int MaxPodAddresses = 64;

    /// <summary>The most addresses of the node. With kube-proxy in IPVS mode, each Service is one of them.</summary>
    public const int MaxNodeAddresses = 20_000;

    private const int MaxProcesses = 100_000;
    private const long MaxCgroupBytes = 64 * 1024;
    private const long MaxAddressBytes = 8 << 20;
    private const long MaxSocketBytes = 16 << 20;

    public IEnumerable<int> ListProcesses() => new FileSystemEnumerable<int>(
        directory,
        static (ref FileSystemEntry entry) => ParsePid(entry.FileName),
        new EnumerationOptions { AttributesToSkip = FileAttributes.None })
    {
        ShouldIncludePredicate = static (ref FileSystemEntry entry) => ParsePid(entry.FileName) > 0,
    }.Take(MaxProcesses);

    /// <summary>
    /// What identifies the network namespace of a process. The inode of its file net/tcp does, and may be read without the rights of a
    /// debugger, which /proc/PID/ns/net needs.
    /// </summary>
    /// <returns>0 if the process has ended.</returns>
    public ulong FindNamespace(int pid) => FileStatus.FindInode(GetPath(pid, "net/tcp"));

    /// <summary>The network namespace of the sensor, which is that of the node.</summary>
    public ulong FindOwnNamespace() => FileStatus.FindInode($"{directory}/self/net/tcp");

    /// <summary>The UID of the Pod of a process. Null if it is not part of one.</summary>
    public Guid? FindPodUid(int pid)
    {
        using var lines = LineReader.Open(GetPath(pid, "cgroup"), MaxCgroupBytes);
        while (lines.TryRead(out var line))
        {
            if (PodCgroup.FindPodUidInLine(line) is { } uid)
            {
                return uid;
            }
        }

        return null;
    }

    /// <summary>The addresses of the network namespace of a process, without those that are the same everywhere.</summary>
    public IReadOnlyCollection<Address> ReadAddresses(int pid) => ReadAddresses($"{directory}/{pid}", MaxPodAddresses);

    public IReadOnlyCollection<Address> ReadOwnAddresses() => ReadAddresses($"{directory}/self", MaxNodeAddresses);

    /// <summary>Opens the list of the TCP sockets in the network namespace of a process.</summary>
    /// <param name="isV6">Whether the sockets of IPv6 are listed, which may be connected with IPv4 too.</param>
    public LineReader OpenSockets(int pid, bool isV6) => LineReader.Open(GetPath(pid, isV6 ? "net/tcp6" : "net/tcp"), MaxSocketBytes);

    private static HashSet<Address> ReadAddresses(string process, int limit)
    {
        var addresses = new HashSet<Address>();
        var trie = default(FibTrieParser);
        using var v4 = LineReader.Open($"{process}/net/fib_trie", MaxAddressBytes);
        while (addresses.Count < limit && v4.TryRead(out var line))
        {
            if (trie.TryAccept(line, out var address))
            {
                addresses.Add(address);
            }
        }

        using var v6 = LineReader.Open($"{process}/net/if_inet6", MaxAddressBytes);
        while (addresses.Count < limit && v6.TryRead(out var line))
        {
            if (InterfaceAddressParser.TryParse(line, out var address))
            {
                addresses.Add(address);
            }
        }

        return addresses;
    }

    private static int ParsePid(ReadOnlySpan<char> name) =>
        int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) ? pid : 0;

    private string GetPath(int pid, string file) => $"{directory}/{pid}/{file}";
}

/// <summary>The inodes of files, which .NET does not tell.</summary>
internal static unsafe partial class FileStatus
{
    private const int CurrentDirectory = -100;
    private const uint InodeMask = 0x100;
    private const int InodeOffset = 32;
    private const int StatusSize = 256;

    /// <returns>0 if there is no such file.</returns>
    public static ulong FindInode(string path)
    {
        // struct statx is the same on all architectures, which struct stat is not.
        var status = stackalloc byte[StatusSize];
        return Statx(CurrentDirectory, path, 0, InodeMask, status) == 0 ? *(ulong*)(status + InodeOffset) : 0;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, byte* status);
}
