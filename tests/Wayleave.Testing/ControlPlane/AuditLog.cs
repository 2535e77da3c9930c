using System.Text;
using System.Text.Json;

namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// What the API server was asked. Its line is written after the answer was sent, so wait for a request that must be there with
/// <see cref="Poll"/>; and one that must not be there with a later request of your own as the mark.
/// </summary>
public sealed class AuditLog(string path)
{
    /// <summary>A place in the log for <c>since</c>: all complete lines so far are before it.</summary>
    public long Mark()
    {
        using var file = Open();
        return CompleteLines(file, 0).Length;
    }

    public IReadOnlyList<AuditRecord> Read(long since = 0)
    {
        using var file = Open();
        var lines = Encoding.UTF8.GetString(CompleteLines(file, since));
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];
    }

    /// <summary>The requests for changes, granted or not, of the programs whose user agent begins so.</summary>
    public IReadOnlyList<AuditRecord> Writes(string userAgent, long since = 0) =>
        [.. Read(since).Where(record => record.IsWrite && record.UserAgent.StartsWith(userAgent, StringComparison.Ordinal))];

    /// <summary>How many requests for changes each user agent made.</summary>
    public IReadOnlyDictionary<string, int> CountWrites(long since = 0) => Read(since)
        .Where(record => record.IsWrite)
        .GroupBy(record => record.UserAgent, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    private FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>The API server may be in the middle of a line.</summary>
    private static byte[] CompleteLines(FileStream file, long since)
    {
        file.Seek(since, SeekOrigin.Begin);
        var bytes = new byte[Math.Max(0, file.Length - since)];
        var read = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..(bytes.AsSpan(0, read).LastIndexOf((byte)'\n') + 1)];
    }

    private static AuditRecord Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var request = document.RootElement;
        var target = Part(request, "objectRef");
        var code = Part(request, "responseStatus");
        return new AuditRecord(
            Text(request, "verb"),
            Text(Part(request, "user"), "username"),
            Text(request, "userAgent"),
            Text(target, "apiGroup"),
            Text(target, "resource"),
            Text(target, "subresource"),
            Text(target, "namespace"),
            Text(target, "name"),
            code is { } status && status.TryGetProperty("code", out var number) ? number.GetInt32() : 0,
            request.GetProperty("requestReceivedTimestamp").GetDateTimeOffset());
    }

    private static JsonElement? Part(JsonElement parent, string name) => parent.TryGetProperty(name, out var part) ? part : null;

    private static string Text(JsonElement? parent, string name) =>
        parent is { } element && element.TryGetProperty(name, out var text) ? text.GetString() ?? "" : "";
}
