using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Wayleave.Api.Schema;

namespace Wayleave.Api;

/// <summary>
/// The calls of a workload that the network mapper has seen. The mapper writes it; do not edit it. Deleting it makes the mapper
/// forget the calls.
/// </summary>
[KubernetesEntity(Group = Group.Name, ApiVersion = Group.Version, Kind = "ObservedIntents", PluralName = "observedintents")]
[CustomResource("oi")]
[PrinterColumn(1, "Client", "string", ".workload.name")]
[PrinterColumn(2, "Kind", "string", ".workload.kind")]
[PrinterColumn(3, "Since", "date", ".since")]
public sealed class ObservedIntents : IKubernetesObject<V1ObjectMeta>
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>The client: a workload in the namespace of this object.</summary>
    public ObservedWorkload Workload { get; set; } = new();

    /// <summary>The time since which the mapper has observed the workload.</summary>
    [JsonConverter(typeof(ObservedTimeConverter))]
    public DateTime Since { get; set; }

    /// <summary>The calls, each once by its target and outcome.</summary>
    [Schema(ListType = "atomic", MaxItems = 1000)]
    public List<ObservedCall> Calls { get; set; } = [];

    /// <summary>True if there were more calls than the list can have. The mapper leaves out the new ones.</summary>
    public bool? Truncated { get; set; }

    /// <summary>What telemetry has counted of this object. Absent if telemetry is off.</summary>
    public DiscoveryTally? Telemetry { get; set; }
}

/// <summary>A workload that calls.</summary>
[Schema(MapType = "atomic")]
public sealed class ObservedWorkload
{
    /// <summary>The name of the workload.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.Subdomain)]
    public string Name { get; set; } = "";

    /// <summary>The kind of the workload.</summary>
    [Schema(EnumOf = typeof(WorkloadKindNames))]
    public string Kind { get; set; } = "";
}

/// <summary>A target that the workload called.</summary>
public sealed class ObservedCall
{
    /// <summary>The target as a ClientIntents declares it, with the ports that were called.</summary>
    public IntentTarget Target { get; set; } = new();

    /// <summary>The Service whose address the client used, with its namespace if it is another one. Absent for a call to a Pod.</summary>
    [Schema(MaxLength = 317)]
    public string? Service { get; set; }

    /// <summary>What the call belongs to. Absent for a call of the application.</summary>
    [Schema(EnumOf = typeof(ObservedClasses))]
    public string? Class { get; set; }

    /// <summary>How the call was seen.</summary>
    [Schema(ListType = "set", MaxItems = 10)]
    [Schema(Items = true, EnumOf = typeof(ObservedSources))]
    public List<string> Sources { get; set; } = [];

    /// <summary>Whether the target answered on these ports. Connected if it ever did.</summary>
    [Schema(EnumOf = typeof(ObservedOutcomes))]
    public string Outcome { get; set; } = "";

    /// <summary>When the call was seen first.</summary>
    [JsonConverter(typeof(ObservedTimeConverter))]
    public DateTime First { get; set; }

    /// <summary>When the call was seen last: the beginning of that hour, or the time of the first call if that is later.</summary>
    [JsonConverter(typeof(ObservedTimeConverter))]
    public DateTime Last { get; set; }

    /// <summary>The number of connections, rounded down to a power of ten: 0, 1, 10+, 100+, 1000+.</summary>
    [Schema(MaxLength = 8)]
    public string Connections { get; set; } = "";

    /// <summary>True if several workloads stand behind the called address, and it is not known which of them answered.</summary>
    public bool? Ambiguous { get; set; }

    /// <summary>
    /// The addresses that DNS answered to this client for the domain, at most 64. They are allowed if the client declares the domain.
    /// </summary>
    [Schema(ListType = "atomic", MaxItems = 64)]
    [Schema(Items = true, MaxLength = 45)]
    public List<string>? Addresses { get; set; }
}

/// <summary>How a call was seen.</summary>
public static class ObservedSources
{
    /// <summary>A packet that opens a TCP connection.</summary>
    public const string Tcp = "Tcp";

    /// <summary>An open socket, for connections older than the sensor.</summary>
    public const string SocketScan = "SocketScan";

    /// <summary>An answer of DNS, without a connection that belongs to it.</summary>
    public const string Dns = "Dns";
}

/// <summary>Whether a target answered.</summary>
public static class ObservedOutcomes
{
    /// <summary>The connection was established.</summary>
    public const string Connected = "Connected";

    /// <summary>The target refused the connection: nothing listens on the port.</summary>
    public const string Refused = "Refused";

    /// <summary>There was no answer. Often a network policy drops the call.</summary>
    public const string Unanswered = "Unanswered";

    /// <summary>DNS answered the name, and no connection to it was seen.</summary>
    public const string Resolved = "Resolved";
}

/// <summary>What a call belongs to, if it is not the application.</summary>
public static class ObservedClasses
{
    /// <summary>A call from or to a component of the cluster, such as DNS or monitoring.</summary>
    public const string Infrastructure = "Infrastructure";
}

/// <summary>How many calls of the workload were ever seen, in total and by source. A call of several sources counts for each.</summary>
[Schema(MapType = "atomic")]
public sealed record DiscoveryTally
{
    /// <summary>All calls.</summary>
    public long Intents { get; set; }

    /// <summary>Calls seen as new TCP connections.</summary>
    public long? Tcp { get; set; }

    /// <summary>Calls seen as open sockets.</summary>
    public long? SocketScan { get; set; }

    /// <summary>Calls seen as answers of DNS.</summary>
    public long? Dns { get; set; }
}

/// <summary>
/// Times of a seen call. The API server accepts some that .NET cannot read, such as one with the offset +99:00: they are read as 1970, so
/// that an object that another client wrote does not make the whole list unreadable.
/// </summary>
internal sealed class ObservedTimeConverter : JsonConverter<DateTime>
{
    /// <inheritdoc/>
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetDateTime(out var time) ? time.ToUniversalTime() : DateTime.UnixEpoch;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToUniversalTime());
}
