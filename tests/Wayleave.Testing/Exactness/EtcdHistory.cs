using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Wayleave.Testing.Exactness;

/// <summary>
/// Reads everything that was ever stored from etcd's own history, through its JSON gateway, independently of the operator and the API server.
/// </summary>
public sealed class EtcdHistory(Uri etcd)
{
    private static readonly string[] Kinds = ["wayleave.dev/", "networkpolicies/"];
    private static readonly string[] Ledgers = [.. Kinds, "configmaps/"];

    /// <summary>The revisions of our kinds and of network policies, oldest first, up to now.</summary>
    public Task<IReadOnlyList<StoredChange>> ReadAsync(CancellationToken cancellationToken = default) => ReadAsync(Kinds, 1, cancellationToken);

    /// <summary>Reads the revisions from one on, by kind.</summary>
    public Task<IReadOnlyList<StoredChange>> ReadAsync(long first, CancellationToken cancellationToken = default) => ReadAsync(Kinds, first, cancellationToken);

    /// <summary>Writes all of these and the ledger's revisions to a file, one line of JSON each, to find out what went wrong.</summary>
    public async Task DumpAsync(string path)
    {
        var changes = await ReadAsync(Ledgers, 1, CancellationToken.None);
        await File.WriteAllLinesAsync(path, changes.Select(change => $"{{\"revision\": {change.Revision}, \"key\": {JsonSerializer.Serialize(change.Key)}, \"object\": {change.Object?.GetRawText() ?? "null"}}}"));
    }

    private async Task<IReadOnlyList<StoredChange>> ReadAsync(string[] kinds, long first, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = etcd };
        var status = await PostAsync(client, "/v3/maintenance/status", "{}", cancellationToken);
        var last = long.Parse(status.GetProperty("header").GetProperty("revision").GetString()!, null);
        var changes = new List<StoredChange>();
        foreach (var kind in kinds)
        {
            changes.AddRange(await ReadAsync(client, kind, first, last, cancellationToken));
        }

        return changes;
    }

    // Watches from the first revision. The history is complete when the newest revision has arrived and nothing follows it.
    private static async Task<List<StoredChange>> ReadAsync(HttpClient client, string kind, long first, long last, CancellationToken cancellationToken)
    {
        var prefix = $"/registry/{kind}";
        var range = $"\"key\": \"{Base64(prefix)}\", \"range_end\": \"{Base64(prefix[..^1] + (char)(prefix[^1] + 1))}\"";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v3/watch")
        {
            Content = new StringContent("{\"create_request\": {" + range + ", \"start_revision\": \"" + first.ToString(System.Globalization.CultureInfo.InvariantCulture) + "\"}}"),
        };
        var newest = await NewestAsync(client, range, cancellationToken);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(cancellationToken));
        var changes = new List<StoredChange>();
        var deleted = 0L;
        while (await NextAsync(lines, isComplete: deleted >= newest || newest < first, cancellationToken) is { } line)
        {
            using var document = JsonDocument.Parse(line);
            foreach (var entry in Events(document.RootElement))
            {
                var kv = entry.GetProperty("kv");
                var revision = long.Parse(kv.GetProperty("mod_revision").GetString()!, null);
                deleted = Math.Max(deleted, revision);
                if (revision <= last)
                {
                    changes.Add(Change(entry, kv));
                }
            }
        }

        return changes;
    }

    // The revision of the newest stored object, which the watch must reach; later deletions arrive together with it.
    private static async Task<long> NewestAsync(HttpClient client, string range, CancellationToken cancellationToken)
    {
        var newest = await PostAsync(client, "/v3/kv/range", "{" + range + ", \"sort_order\": \"DESCEND\", \"sort_target\": \"MOD\", \"limit\": \"1\", \"keys_only\": true}", cancellationToken);
        return newest.TryGetProperty("kvs", out var kvs) ? long.Parse(kvs[0].GetProperty("mod_revision").GetString()!, null) : 0;
    }

    private static async Task<string?> NextAsync(StreamReader lines, bool isComplete, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(isComplete ? TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(20));
        try
        {
            return await lines.ReadLineAsync(silence.Token);
        }
        catch (OperationCanceledException) when (isComplete && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static JsonElement.ArrayEnumerator Events(JsonElement message) =>
        message.GetProperty("result").TryGetProperty("events", out var events) ? events.EnumerateArray() : default;

    private static StoredChange Change(JsonElement entry, JsonElement kv)
    {
        var isDeleted = entry.TryGetProperty("type", out var type) && type.GetString() == "DELETE";
        var key = Encoding.UTF8.GetString(kv.GetProperty("key").GetBytesFromBase64());
        var stored = isDeleted ? default(JsonElement?) : JsonDocument.Parse(kv.GetProperty("value").GetBytesFromBase64()).RootElement;
        return new StoredChange(key, stored, long.Parse(kv.GetProperty("mod_revision").GetString()!, null));
    }

    private static async Task<JsonElement> PostAsync(HttpClient client, string path, string body, CancellationToken cancellationToken)
    {
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body), cancellationToken);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
