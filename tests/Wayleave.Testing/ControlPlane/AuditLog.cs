using System.Text;
using System.Text.Json;

namespace Wayleave.Testing.ControlPlane;

/// <summary>
/// The requests that the API server answered. It writes a record after the answer. To check that a request was made, wait with <see cref="Poll"/>;
/// to check that none was made, make a later request and wait for its record.
/// </summary>
public sealed class AuditLog(string path)
{
    /// <summary>Returns a position in the log for <c>since</c>, after all complete lines.</summary>
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

    /// <summary>The write requests, successful or not, of programs whose user agent has the prefix.</summary>
    public IReadOnlyList<AuditRecord> Writes(string userAgent, long since = 0) =>
        [.. Read(since).Where(record => record.IsWrite && record.UserAgent.StartsWith(userAgent, StringComparison.Ordinal))];

    /// <summary>The number of write requests of each user agent.</summary>
    public IReadOnlyDictionary<string, int> CountWrites(long since = 0) => Read(since)
        .Where(record => record.IsWrite)
        .GroupBy(record => record.UserAgent, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    private FileStream Open() => new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Reads complete lines only, because the API server may be writing one.</summary>
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
