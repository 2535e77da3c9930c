using System.Text;

namespace Wayleave.Sensor.Nodes;

/// <summary>
/// Finds the UID of a Pod in the path of a control group. The kubelet names the group of a Pod <c>pod</c> and its UID, with its own
/// driver (<c>/kubepods/burstable/pod0c5f...-.../ID</c>) or that of systemd
/// (<c>kubepods-burstable-pod0c5f..._....slice/cri-containerd-ID.scope</c>); what the container runtime appends does not matter.
/// </summary>
internal static class PodCgroup
{
    private const int UidLength = 36;
    private const int HashLength = 32;

    /// <summary>Reads a line of /proc/PID/cgroup, which ends in a path.</summary>
    public static Guid? FindPodUidInLine(ReadOnlySpan<byte> line)
    {
        Span<char> text = stackalloc char[LineReader.MaxLine];
        return line.Length <= text.Length && Encoding.UTF8.TryGetChars(line, text, out var length) ? FindPodUid(text[..length]) : null;
    }

    /// <summary>The UID in the last part of the path that names a Pod. Null if there is none.</summary>
    public static Guid? FindPodUid(ReadOnlySpan<char> path)
    {
        for (var end = path.Length; end > 0;)
        {
            var start = path[..end].LastIndexOf('/') + 1;
            if (ReadUid(path[start..end]) is { } uid)
            {
                return uid;
            }

            end = start - 1;
        }

        return null;
    }

    private static Guid? ReadUid(ReadOnlySpan<char> segment)
    {
        const string Slice = ".slice";
        const string Mark = "pod";
        if (segment.EndsWith(Slice, StringComparison.Ordinal))
        {
            segment = segment[..^Slice.Length];
            segment = segment[(segment.LastIndexOf('-') + 1)..];
        }

        return segment.StartsWith(Mark, StringComparison.Ordinal) ? ParseUid(segment[Mark.Length..]) : null;
    }

    // systemd replaces the dashes of the UID. A static Pod has a hash of its configuration instead.
    private static Guid? ParseUid(ReadOnlySpan<char> text)
    {
        if (text.Length is not (UidLength or HashLength))
        {
            return null;
        }

        Span<char> uid = stackalloc char[UidLength];
        text.Replace(uid, '_', '-');
        return Guid.TryParseExact(uid[..text.Length], text.Length == UidLength ? "D" : "N", out var parsed) ? parsed : null;
    }
}
