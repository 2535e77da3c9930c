using System.Globalization;
using System.Text.RegularExpressions;

namespace Wayleave.Testing.Operators;

/// <summary>Every address that a process connected or sent to, from its system calls (by strace, a Debian package).</summary>
public static partial class NetworkTrace
{
    /// <summary>The prefix of a command that traces it into the file. Empty for null. The command keeps its process ID.</summary>
    /// <exception cref="InvalidOperationException">strace is not installed.</exception>
    public static IReadOnlyList<string> Launcher(string? path)
    {
        if (path is not null && !File.Exists("/usr/bin/strace"))
        {
            throw new InvalidOperationException("This test needs strace: apt-get install strace");
        }

        return path is null ? [] : ["/usr/bin/strace", "-D", "-f", "-q", "-s", "512", "-e", "trace=connect,sendto,sendmsg,sendmmsg", "-o", path];
    }

    /// <summary>Whether the trace is complete. The tracer ends a moment after the process.</summary>
    public static bool IsComplete(string path, int processId) =>
        File.ReadLines(path).Any(line => line.Split(' ', 2, StringSplitOptions.TrimEntries) is [var id, ['+', '+', '+', ..]] && int.Parse(id, CultureInfo.InvariantCulture) == processId);

    /// <summary>The distinct addresses so far, as <c>127.0.0.1:443</c> or as the path of a socket.</summary>
    public static IReadOnlyList<string> Read(string path) =>
        [.. File.ReadLines(path).SelectMany(line => Address().Matches(line)).Select(Text).Distinct(StringComparer.Ordinal)];

    private static string Text(Match match)
    {
        var host = match.Groups["four"].Success ? match.Groups["four"].Value : match.Groups["six"].Value;
        host = host.StartsWith("::ffff:", StringComparison.Ordinal) ? host["::ffff:".Length..] : host;
        return match.Groups["path"].Success ? match.Groups["path"].Value : string.Create(CultureInfo.InvariantCulture, $"{host}:{match.Groups["port"].Value}");
    }

    [GeneratedRegex(
        @"sin6?_port=htons\((?<port>\d+)\), (sin_addr=inet_addr\(""(?<four>[\d.]+)""\)|sin6_flowinfo=[^,]+, inet_pton\(AF_INET6, ""(?<six>[^""]+)"")|sun_path=@?""(?<path>[^""]*)""",
        RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Address();
}
