using System.Text.Json;

namespace Wayleave.Testing.Exactness;

/// <summary>
/// The counts that the stored conditions, generations, and UIDs require. Does not use what the operator wrote for telemetry. Pure.
/// </summary>
public sealed class UsageTruth
{
    private static readonly (string Field, string Type)[] Discovered =
    [
        ("intents", "INTENTS_DISCOVERED"), ("tcp", "INTENTS_DISCOVERED_TCP"), ("socketScan", "INTENTS_DISCOVERED_SOCKET_SCAN"),
        ("dns", "INTENTS_DISCOVERED_CAPTURE"),
    ];

    private readonly Dictionary<string, Life> _lives = new(StringComparer.Ordinal);
    private readonly HashSet<string> _namespaces = new(StringComparer.Ordinal);

    /// <summary>The counts by event type.</summary>
    public SortedDictionary<string, long> Counts { get; } = new(StringComparer.Ordinal);

    public static SortedDictionary<string, long> Of(IEnumerable<StoredChange> changes)
    {
        var truth = new UsageTruth();
        foreach (var change in changes)
        {
            truth.Take(change);
        }

        return truth.Counts;
    }

    public void Take(StoredChange change)
    {
        var known = _lives.GetValueOrDefault(change.Key);
        var uid = change.Object?.GetProperty("metadata").GetProperty("uid").GetString();
        if (known is not null && known.Uid != uid)
        {
            End(change.Key, known);
            known = null;
        }

        if (change.Object is { } stored)
        {
            var life = known ?? new Life(uid!);
            _lives[change.Key] = life;
            Look(change.Key, life, stored);
        }
    }

    private void Look(string key, Life life, JsonElement stored)
    {
        if (key.Contains("/networkpolicies/", StringComparison.Ordinal))
        {
            Once(life, "NETWORK_POLICIES_CREATED", IsOurs(stored));
        }
        else if (key.Contains("/clientintents/", StringComparison.Ordinal))
        {
            Intents(life, stored);
        }
        else if (key.Contains("/observedintents/", StringComparison.Ordinal))
        {
            Discover(key, life, stored);
        }
        else if (TypeOf(key) is { } type)
        {
            Once(life, $"{type}_APPLIED", IsReady(stored));
            Credentials(life, stored);
        }
    }

    private void Credentials(Life life, JsonElement stored)
    {
        var now = stored.TryGetProperty("status", out var status) && status.TryGetProperty("credentials", out var credentials) ? credentials.GetString() : null;
        Count("CLUSTER_CREDENTIALS_ROTATED", now is not null && life.Credentials is not null && now != life.Credentials ? 1 : 0);
        life.Credentials = now ?? life.Credentials;
    }

    // Counts a namespace once: it must not lose its last object.
    private void Discover(string key, Life life, JsonElement stored)
    {
        if (!stored.TryGetProperty("telemetry", out var tally))
        {
            return;
        }

        foreach (var (field, type) in Discovered)
        {
            var now = tally.TryGetProperty(field, out var value) ? value.GetInt64() : 0;
            Count(type, now - life.Discovered.GetValueOrDefault(field));
            life.Discovered[field] = now;
        }

        Count("SERVICE_DISCOVERED", life.IsDiscovered ? 0 : 1);
        life.IsDiscovered = true;
        Count("NAMESPACE_DISCOVERED", _namespaces.Add(key.Split('/')[^2]) ? 1 : 0);
    }

    private void Intents(Life life, JsonElement stored)
    {
        var generation = stored.GetProperty("metadata").GetProperty("generation").GetInt64();
        if (!IsReady(stored) || stored.GetProperty("status").GetProperty("observedGeneration").GetInt64() != generation || generation <= life.Generation)
        {
            return;
        }

        var targets = stored.GetProperty("spec").GetProperty("targets").EnumerateArray().ToList();
        (life.Generation, life.Current) = (generation, targets.Count);
        Count("INTENTS_APPLIED", targets.Count);
        Count("INTENTS_APPLIED_KAFKA", targets.Count(target => target.TryGetProperty("kafka", out _)));
        Count("INTENTS_APPLIED_DATABASE", targets.Count(target => target.TryGetProperty("sql", out _)));
        Count("INTENTS_APPLIED_INTERNET", targets.Count(target => target.TryGetProperty("internet", out _)));
        Count("INTENTS_APPLIED_HTTP", targets.Count(target => target.TryGetProperty("kubernetes", out var server)
            && server.TryGetProperty("http", out var http) && http.GetArrayLength() > 0));
    }

    private void Once(Life life, string type, bool isSo)
    {
        if (isSo && life.Current == 0)
        {
            life.Current = 1;
            Count(type, 1);
        }
    }

    private void End(string key, Life life)
    {
        _lives.Remove(key);
        var type = key.Contains("/networkpolicies/", StringComparison.Ordinal) ? "NETWORK_POLICIES"
            : key.Contains("/clientintents/", StringComparison.Ordinal) ? "INTENTS" : TypeOf(key);
        Count($"{type}_DELETED", life.Current);
    }

    private void Count(string type, long count)
    {
        if (count > 0)
        {
            Counts[type] = Counts.GetValueOrDefault(type) + count;
        }
    }

    private static string? TypeOf(string key) => key.Split('/')[3] switch
    {
        "protectedservices" => "PROTECTED_SERVICE",
        "enforcementpolicies" => "POLICIES",
        "kafkaserverconfigs" => "KAFKA_SERVER_CONFIG",
        "clusters" => "CLUSTERS",
        _ => null,
    };

    private static bool IsOurs(JsonElement policy) =>
        policy.GetProperty("metadata").TryGetProperty("managedFields", out var fields)
        && fields.EnumerateArray().Any(field => field.GetProperty("manager").GetString() == "wayleave");

    private static bool IsReady(JsonElement stored) =>
        stored.TryGetProperty("status", out var status)
        && status.TryGetProperty("conditions", out var conditions)
        && conditions.EnumerateArray().Any(condition => condition.GetProperty("type").GetString() == "Ready" && condition.GetProperty("status").GetString() == "True");

    private sealed class Life(string uid)
    {
        public string Uid { get; } = uid;

        public long Generation { get; set; }

        public long Current { get; set; }

        public string? Credentials { get; set; }

        public bool IsDiscovered { get; set; }

        public Dictionary<string, long> Discovered { get; } = new(StringComparer.Ordinal);
    }
}
