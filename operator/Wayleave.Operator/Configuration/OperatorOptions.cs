using System.Net;
using Wayleave.Enforcement.Governance;
using Wayleave.Hosting;
using Wayleave.Operator.Recording;
using Wayleave.Operator.Tracing;
using Wayleave.Settings;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Operator.Configuration;

/// <summary>The validated options of the operator.</summary>
internal sealed record OperatorOptions
{
    public string? Kubeconfig { get; init; }

    public string? Context { get; init; }

    public required string Namespace { get; init; }

    /// <summary>The operator's own Deployment; null where it is not known.</summary>
    public string? Deployment { get; init; }

    /// <summary>The only namespace that is watched; null for all.</summary>
    public string? WatchNamespace { get; init; }

    /// <summary>The settings of namespaces that no EnforcementPolicy selects.</summary>
    public required EnforcementDefaults Governance { get; init; }

    /// <summary>What is known of the network of the operator's own cluster.</summary>
    public required NetworkSettings Network { get; init; }

    public int Workers { get; init; }

    /// <summary>Whether member clusters are managed.</summary>
    public bool AreClustersEnabled { get; init; }

    /// <summary>Whether the map of the network mapper is read.</summary>
    public bool ReadsObservedIntents { get; init; }

    /// <summary>Null for no limit.</summary>
    public int? QueriesPerSecond { get; init; }

    /// <summary>Whether Kubernetes' own kinds are read in protobuf where the API server offers it.</summary>
    public bool AcceptsProtobuf { get; init; } = true;

    /// <summary>The nameserver that looks domains up; null for those of the machine.</summary>
    public IPEndPoint? DnsServer { get; init; }

    /// <summary>Null for every address.</summary>
    public IPAddress? BindAddress { get; init; }

    public int MetricsPort { get; init; }

    public int ProbePort { get; init; }

    public bool LeaderElect { get; init; }

    public TimeSpan LeaseDuration { get; init; }

    public TimeSpan RenewDeadline { get; init; }

    public TimeSpan RetryPeriod { get; init; }

    public LogLevel LogLevel { get; init; }

    /// <summary>The identity of this replica: the Pod name, or host name and process ID.</summary>
    public required string Instance { get; init; }

    public required TelemetrySettings Telemetry { get; init; }

    /// <summary>Null if tracing is off.</summary>
    public TracingSettings? Tracing { get; init; }

    /// <summary>Null if the event store is off.</summary>
    public EventSettings? Events { get; init; }

    /// <exception cref="OptionsException">A value cannot be used.</exception>
    public static OperatorOptions Read(IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> environment)
    {
        var binder = new SettingBinder(given, environment);
        var qps = Get(Flags.KubeApiQps);
        var ownNamespace = Get(Flags.Namespace) ?? Flags.Namespace.DefaultText;
        return Check(new OperatorOptions
        {
            Kubeconfig = Get(Flags.Kubeconfig),
            Context = Get(Flags.Context),
            Namespace = ownNamespace,
            Deployment = Get(Flags.Deployment),
            WatchNamespace = Get(Flags.WatchNamespace),
            Governance = new EnforcementDefaults(Get(Flags.Mode), ownNamespace, Get(Flags.Egress))
            {
                AllowsExternal = Get(Flags.External) == ExternalMode.Auto,
                SystemNamespaces = Get(Flags.SystemNamespaces),
                DnsPorts = [.. Get(Flags.DnsPorts).SelectMany(ports => ports).Distinct().Order()],
            },
            Network = new NetworkSettings(Get(Flags.PodCidrs), Get(Flags.ServiceCidrs)),
            Workers = Get(Flags.Workers),
            AreClustersEnabled = Get(Flags.Clusters),
            ReadsObservedIntents = Get(Flags.ObservedIntents),
            QueriesPerSecond = qps == 0 ? null : qps,
            AcceptsProtobuf = Get(Flags.KubeApiContentType),
            DnsServer = Get(Flags.DnsServer),
            BindAddress = Get(Flags.BindAddress),
            MetricsPort = Get(Flags.MetricsPort),
            ProbePort = Get(Flags.ProbePort),
            LeaderElect = Get(Flags.LeaderElect),
            LeaseDuration = Get(Flags.LeaseDuration),
            RenewDeadline = Get(Flags.RenewDeadline),
            RetryPeriod = Get(Flags.RetryPeriod),
            LogLevel = Get(Flags.LogLevel),
            Instance = Get(Flags.PodName) ?? $"{Environment.MachineName}-{Environment.ProcessId}",
            Telemetry = TelemetrySettings.Resolve(binder),
            Tracing = TracingSettings.Read(binder),
            Events = EventSettings.Read(binder),
        });

        T Get<T>(Setting<T> setting) => binder.Get(setting);
    }

    private static OperatorOptions Check(OperatorOptions options)
    {
        if (options is { WatchNamespace: not null, AreClustersEnabled: true })
        {
            throw new OptionsException(
                $"{Flags.WatchNamespace.Option} needs {Flags.Clusters.Option}=false, because member clusters are managed as a whole; remove one of them");
        }

        if (options.WatchNamespace == options.Namespace)
        {
            throw new OptionsException(
                $"{Flags.WatchNamespace.Option}: \"{options.WatchNamespace}\" is the operator's own namespace ({Flags.Namespace.Option}), "
                + "which gets no policies; name another, or give the operator another");
        }

        ListeningPortSet.CheckDistinct(
            (Flags.MetricsPort, options.MetricsPort), (Flags.ProbePort, options.ProbePort), (EventFlags.Port, options.Events?.Port));
        return options.RenewDeadline < options.LeaseDuration && options.RetryPeriod < options.RenewDeadline
            ? options
            : throw new OptionsException(
                $"{Flags.RetryPeriod.Option}, {Flags.RenewDeadline.Option} and {Flags.LeaseDuration.Option} must be in ascending order; "
                + "make the retry period shorter than the renew deadline, and that shorter than the lease duration");
    }
}

/// <summary>Network options of the local cluster. They do not apply to member clusters.</summary>
/// <param name="PodRanges">Empty to read them from the nodes.</param>
/// <param name="ServiceRanges">Empty to read them from ServiceCIDRs.</param>
internal sealed record NetworkSettings(IReadOnlyList<IPNetwork> PodRanges, IReadOnlyList<IPNetwork> ServiceRanges)
{
    /// <summary>The options of a member cluster: all ranges are read from its API server.</summary>
    public static NetworkSettings None { get; } = new([], []);
}
