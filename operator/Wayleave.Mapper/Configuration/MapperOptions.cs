using System.Collections.Immutable;

namespace Wayleave.Mapper.Configuration;

/// <summary>All flags. The command line, the environment and the help are made from this list.</summary>
internal static class MapperFlags
{
    public static Flag Kubeconfig { get; } = new(
        "kubeconfig",
        "FILE",
        "",
        "Path of the kubeconfig. Defaults to the files of KUBECONFIG, then the Pod's service account, then ~/.kube/config.");

    public static Flag Context { get; } = new("context", "NAME", "", "Context of the kubeconfig. Defaults to its current context.");

    public static Flag Namespace { get; } = new("namespace", "NAME", "wayleave-system", "Namespace of the mapper, for its lease.");

    public static Flag Port { get; } = new(
        "port", "PORT", "8443", "Port for the batches of sensors, over TLS. 0 picks a free port and logs it.");

    public static Flag MetricsPort { get; } = new("metrics-port", "PORT", "8080", "Port of /metrics. 0 picks a free port and logs it.");

    public static Flag ProbePort { get; } = new(
        "probe-port", "PORT", "8081", "Port of /healthz and /readyz. 0 picks a free port and logs it.");

    public static Flag PagePort { get; } = new(
        "page-port",
        "PORT",
        "",
        "Port of the page /map, over TLS, for those who may list the map. Without it, there is no page. 0 picks a free port and logs it.");

    public static Flag Retention { get; } = new(
        "retention", "DURATION", "720h", "How long a call is kept after it was seen last: 1h to 87600h.");

    public static Flag SensorNamespace { get; } = new("sensor-namespace", "NAME", "wayleave-sensor", "Namespace of the sensors.");

    public static Flag SensorServiceAccount { get; } = new(
        "sensor-service-account", "NAME", "wayleave-sensor", "ServiceAccount of the sensors. Only its tokens may send batches.");

    public static Flag ServiceName { get; } = new(
        "service-name", "NAME", "wayleave-mapper", "Service of the mapper, which its certificate is for.");

    public static Flag TlsDirectory { get; } = new(
        "tls-dir", "DIR", "", "Folder with tls.crt and tls.key for --port and --page-port, read again when they change.");

    public static Flag LeaderElect { get; } = new(
        "leader-elect", null, "false", "Use leader election. A replica that does not lead is not ready, so that it gets no batches.");

    public static Flag CountDiscoveries { get; } = new(
        "count-discoveries", null, "false", "Count in each ObservedIntents how many calls were ever seen, for telemetry.");

    public static Flag LogLevel { get; } = new(
        "log-level", "LEVEL", "Information", "Trace, Debug, Information, Warning, Error, Critical or None.");

    /// <summary>In the order of the help.</summary>
    public static ImmutableArray<Flag> All { get; } =
    [
        Kubeconfig, Context, Namespace, Port, MetricsPort, ProbePort, PagePort, Retention, SensorNamespace, SensorServiceAccount,
        ServiceName, TlsDirectory, LeaderElect, CountDiscoveries, LogLevel,
    ];
}

/// <summary>The validated options of the mapper.</summary>
internal sealed record MapperOptions
{
    private static readonly TimeSpan _shortestRetention = TimeSpan.FromHours(1);
    private static readonly TimeSpan _longestRetention = TimeSpan.FromDays(3650);

    public string? Kubeconfig { get; init; }

    public string? Context { get; init; }

    public required string Namespace { get; init; }

    public int Port { get; init; }

    public int MetricsPort { get; init; }

    public int ProbePort { get; init; }

    /// <summary>Null if there is no page.</summary>
    public int? PagePort { get; init; }

    public TimeSpan Retention { get; init; }

    public required string SensorNamespace { get; init; }

    public required string SensorServiceAccount { get; init; }

    public required string ServiceName { get; init; }

    /// <summary>Null if no folder was given.</summary>
    public string? TlsDirectory { get; init; }

    public bool LeaderElect { get; init; }

    public bool CountsDiscoveries { get; init; }

    public LogLevel LogLevel { get; init; }

    /// <summary>The identity of this replica: the Pod name, or host name and process ID.</summary>
    public required string Instance { get; init; }

    /// <exception cref="OptionsException">A value cannot be used.</exception>
    public static MapperOptions Read(IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> environment)
    {
        var reader = new FlagReader(given, environment);
        var options = new MapperOptions
        {
            Kubeconfig = reader.Text(MapperFlags.Kubeconfig),
            Context = reader.Text(MapperFlags.Context),
            Namespace = reader.Label(MapperFlags.Namespace),
            Port = reader.Port(MapperFlags.Port),
            MetricsPort = reader.Port(MapperFlags.MetricsPort),
            ProbePort = reader.Port(MapperFlags.ProbePort),
            PagePort = reader.Text(MapperFlags.PagePort) is null ? null : reader.Port(MapperFlags.PagePort),
            Retention = reader.Duration(MapperFlags.Retention, _shortestRetention, _longestRetention),
            SensorNamespace = reader.Label(MapperFlags.SensorNamespace),
            SensorServiceAccount = reader.Label(MapperFlags.SensorServiceAccount),
            ServiceName = reader.Label(MapperFlags.ServiceName),
            TlsDirectory = reader.Text(MapperFlags.TlsDirectory),
            LeaderElect = reader.Switch(MapperFlags.LeaderElect),
            CountsDiscoveries = reader.Switch(MapperFlags.CountDiscoveries),
            LogLevel = reader.Level(MapperFlags.LogLevel),
            Instance = environment.GetValueOrDefault("POD_NAME") is { Length: > 0 } pod
                ? pod
                : $"{Environment.MachineName}-{Environment.ProcessId}",
        };
        CheckDistinct(
            (MapperFlags.Port, options.Port),
            (MapperFlags.MetricsPort, options.MetricsPort),
            (MapperFlags.ProbePort, options.ProbePort),
            (MapperFlags.PagePort, options.PagePort ?? 0));
        return options;
    }

    // Zero is any free port.
    private static void CheckDistinct(params IEnumerable<(Flag Flag, int Port)> ports)
    {
        if (ports.Where(one => one.Port != 0).GroupBy(one => one.Port).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            var (first, second) = (same.First().Flag, same.ElementAt(1).Flag);
            throw new OptionsException(
                $"{first.Option} and {second.Option} are both {same.Key}; give each a port of its own (0 picks a free one)");
        }
    }
}
