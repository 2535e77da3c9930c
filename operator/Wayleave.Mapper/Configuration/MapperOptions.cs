using System.Collections.Immutable;
using Wayleave.Hosting;
using Wayleave.Settings;

namespace Wayleave.Mapper.Configuration;

/// <summary>All flags. The command line, the environment and the help are made from this list.</summary>
internal static class MapperFlags
{
    public static Setting<string?> Kubeconfig { get; } = Create(
        "kubeconfig",
        "FILE",
        "",
        "Path of the kubeconfig. Defaults to the files of KUBECONFIG, then the Pod's service account, then ~/.kube/config.",
        SettingParsers.Text);

    public static Setting<string?> Context { get; } = Create(
        "context", "NAME", "", "Context of the kubeconfig. Defaults to its current context.", SettingParsers.Text);

    public static Setting<string> Namespace { get; } = Create(
        "namespace", "NAME", "wayleave-system", "Namespace of the mapper, its Service, its lease and its Secrets.", NameParsers.RequiredLabel("a namespace"));

    public static Setting<int> Port { get; } = Create(
        "port", "PORT", "8443", "Port for the reports of sensors, over TLS. 0 picks a free port and logs it.", SettingParsers.Port);

    public static Setting<int> MetricsPort { get; } = Create(
        "metrics-port", "PORT", "8080", "Port of /metrics. 0 picks a free port and logs it.", SettingParsers.Port);

    public static Setting<int> ProbePort { get; } = Create(
        "probe-port", "PORT", "8081", "Port of /healthz and /readyz. 0 picks a free port and logs it.", SettingParsers.Port);

    public static Setting<int?> PagePort { get; } = Create(
        "page-port",
        "PORT",
        "",
        "Port of the page /map, over TLS, for those who may list the map. Without it, there is no page. 0 picks a free port and logs it.",
        SettingParsers.OptionalPort);

    public static Setting<TimeSpan> Retention { get; } = Create(
        "retention",
        "DURATION",
        "720h",
        "How long a call is kept after it was seen last: 1h to 87600h.",
        SettingParsers.Duration(TimeSpan.FromHours(1), TimeSpan.FromDays(3650)));

    public static Setting<string> SensorNamespace { get; } = Create(
        "sensor-namespace", "NAME", "wayleave-sensor", "Namespace of the sensors.", NameParsers.RequiredLabel("a namespace"));

    public static Setting<string> SensorServiceAccount { get; } = Create(
        "sensor-service-account",
        "NAME",
        "wayleave-sensor",
        "ServiceAccount of the sensors. Only its tokens may send reports.",
        NameParsers.RequiredLabel("a ServiceAccount"));

    public static Setting<string> ServiceName { get; } = Create(
        "service-name",
        "NAME",
        "wayleave-mapper",
        "Service of the mapper, which its certificate is for.",
        NameParsers.RequiredLabel("a Service"));

    public static Setting<string?> TlsDirectory { get; } = Create(
        "tls-dir",
        "DIR",
        "",
        "Folder with tls.crt and tls.key for --port and --page-port, read again when they change.",
        SettingParsers.Text);

    public static Setting<bool> LeaderElect { get; } = Create(
        "leader-elect",
        placeholder: null,
        "false",
        "Use leader election. A replica that does not lead is not ready, so that it gets no reports.",
        SettingParsers.Switch);

    public static Setting<bool> CountDiscoveries { get; } = Create(
        "count-discoveries",
        placeholder: null,
        "false",
        "Count in each ObservedIntents how many calls were ever seen, for telemetry.",
        SettingParsers.Switch);

    public static Setting<LogLevel> LogLevel { get; } = Create(
        "log-level",
        "LEVEL",
        "Information",
        "Trace, Debug, Information, Warning, Error, Critical or None.",
        SettingParsers.Choice<LogLevel>());

    /// <summary>In the order of the help.</summary>
    public static ImmutableArray<Setting> All { get; } =
    [
        Kubeconfig, Context, Namespace, Port, MetricsPort, ProbePort, PagePort, Retention, SensorNamespace, SensorServiceAccount,
        ServiceName, TlsDirectory, LeaderElect, CountDiscoveries, LogLevel,
    ];

    private static Setting<T> Create<T>(
        string name, string? placeholder, string defaultText, string description, SettingParser<T> parse) =>
        new(name, placeholder, defaultText, description, parse) { VariablePrefix = "WAYLEAVE_MAPPER_" };
}

/// <summary>The validated options of the mapper.</summary>
internal sealed class MapperOptions(SettingBinder binder, string? podName)
{
    public string? Kubeconfig { get; } = binder.Get(MapperFlags.Kubeconfig);

    public string? Context { get; } = binder.Get(MapperFlags.Context);

    public string Namespace { get; } = binder.Get(MapperFlags.Namespace);

    public int Port { get; } = binder.Get(MapperFlags.Port);

    public int MetricsPort { get; } = binder.Get(MapperFlags.MetricsPort);

    public int ProbePort { get; } = binder.Get(MapperFlags.ProbePort);

    /// <summary>Null if there is no page.</summary>
    public int? PagePort { get; } = binder.Get(MapperFlags.PagePort);

    public TimeSpan Retention { get; } = binder.Get(MapperFlags.Retention);

    public string SensorNamespace { get; } = binder.Get(MapperFlags.SensorNamespace);

    public string SensorServiceAccount { get; } = binder.Get(MapperFlags.SensorServiceAccount);

    public string ServiceName { get; } = binder.Get(MapperFlags.ServiceName);

    /// <summary>Null if no folder was given.</summary>
    public string? TlsDirectory { get; } = binder.Get(MapperFlags.TlsDirectory);

    public bool LeaderElect { get; } = binder.Get(MapperFlags.LeaderElect);

    public bool CountsDiscoveries { get; } = binder.Get(MapperFlags.CountDiscoveries);

    public LogLevel LogLevel { get; } = binder.Get(MapperFlags.LogLevel);

    /// <summary>The identity of this replica: the Pod name, or host name and process ID.</summary>
    public string Instance { get; } = podName is { Length: > 0 } ? podName : $"{Environment.MachineName}-{Environment.ProcessId}";

    /// <exception cref="OptionsException">A value cannot be used.</exception>
    public static MapperOptions Read(IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> environment)
    {
        var options = new MapperOptions(new SettingBinder(given, environment), environment.GetValueOrDefault("POD_NAME"));
        ListeningPortSet.CheckDistinct(
            (MapperFlags.Port, options.Port),
            (MapperFlags.MetricsPort, options.MetricsPort),
            (MapperFlags.ProbePort, options.ProbePort),
            (MapperFlags.PagePort, options.PagePort));
        return options;
    }
}
