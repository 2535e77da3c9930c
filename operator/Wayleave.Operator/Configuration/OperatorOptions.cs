using System.Net;
using Wayleave.Enforcement.Governance;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Operator.Configuration;

/// <summary>Everything that can be set, read and checked.</summary>
internal sealed record OperatorOptions
{
    // A lease counts in whole seconds; a shorter pause would only load the API server. The chart has the same bounds.
    private static readonly TimeSpan ShortestRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestLease = TimeSpan.FromHours(1);

    public string? Kubeconfig { get; init; }

    public string? Context { get; init; }

    public required string Namespace { get; init; }

    /// <summary>The operator's own Deployment; null where it is not known.</summary>
    public string? Deployment { get; init; }

    /// <summary>The only namespace that is looked after; null for all.</summary>
    public string? WatchNamespace { get; init; }

    /// <summary>What holds where no EnforcementPolicy says otherwise.</summary>
    public required GovernanceDefaults Governance { get; init; }

    /// <summary>What is known of the network of the operator's own cluster.</summary>
    public required NetworkSettings Network { get; init; }

    public int Workers { get; init; }

    /// <summary>Whether member clusters are looked after.</summary>
    public bool Clusters { get; init; }

    /// <summary>Null for no limit.</summary>
    public int? QueriesPerSecond { get; init; }

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

    /// <summary>This process among all replicas: the pod's name, or host and process.</summary>
    public required string Instance { get; init; }

    public required TelemetrySettings Telemetry { get; init; }

    /// <exception cref="OptionsException">A value cannot be used.</exception>
    public static OperatorOptions Read(IReadOnlyDictionary<string, string> given, IReadOnlyDictionary<string, string> environment)
    {
        var values = new FlagValues(given, environment);
        var qps = values.Number(Flags.KubeApiQps, 0, 100_000);
        var options = new OperatorOptions
        {
            Kubeconfig = values.Text(Flags.Kubeconfig),
            Context = values.Text(Flags.Context),
            Namespace = values.Namespace(Flags.Namespace) ?? Flags.Namespace.Default,
            Deployment = values.ObjectName(Flags.Deployment),
            WatchNamespace = values.Namespace(Flags.WatchNamespace),
            Governance = NetworkFlags.Governance(values),
            Network = NetworkFlags.Network(values),
            Workers = values.Number(Flags.Workers, 1, 64),
            Clusters = values.Switch(Flags.Clusters),
            QueriesPerSecond = qps == 0 ? null : qps,
            DnsServer = values.Nameserver(Flags.DnsServer),
            BindAddress = values.Address(Flags.BindAddress),
            MetricsPort = values.Number(Flags.MetricsPort, 0, 65535),
            ProbePort = values.Number(Flags.ProbePort, 0, 65535),
            LeaderElect = values.Switch(Flags.LeaderElect),
            LeaseDuration = values.Duration(Flags.LeaseDuration, TimeSpan.FromSeconds(1), LongestLease),
            RenewDeadline = values.Duration(Flags.RenewDeadline, ShortestRetry, LongestLease),
            RetryPeriod = values.Duration(Flags.RetryPeriod, ShortestRetry, LongestLease),
            LogLevel = values.Choice<LogLevel>(Flags.LogLevel),
            Instance = environment.GetValueOrDefault("POD_NAME") is { Length: > 0 } pod ? pod : $"{Environment.MachineName}-{Environment.ProcessId}",
            Telemetry = TelemetrySettings.Resolve(TelemetryFlagsOf(values), environment),
        };
        return Check(options);
    }

    private static OperatorOptions Check(OperatorOptions options)
    {
        if (options is { WatchNamespace: not null, Clusters: true })
        {
            throw new OptionsException($"{Flags.WatchNamespace.Option} needs {Flags.Clusters.Option}=false: member clusters are looked after as a whole.");
        }

        if (options.WatchNamespace == options.Namespace)
        {
            throw new OptionsException(
                $"{Flags.WatchNamespace.Option}: \"{options.WatchNamespace}\" is the operator's own namespace ({Flags.Namespace.Option}), "
                + "which gets no policies; name another, or give the operator another");
        }

        if (options.MetricsPort == options.ProbePort && options.MetricsPort != 0)
        {
            throw new OptionsException(
                $"{Flags.MetricsPort.Option} and {Flags.ProbePort.Option} are both {options.MetricsPort}; "
                + "give each a port of its own (0 picks a free one)");
        }

        return options.RenewDeadline < options.LeaseDuration && options.RetryPeriod < options.RenewDeadline
            ? options
            : throw new OptionsException($"{Flags.RetryPeriod.Option}, {Flags.RenewDeadline.Option} and {Flags.LeaseDuration.Option} must grow in this order.");
    }

    // Telemetry reads its switches itself: one that cannot be read turns it off instead of ending the program.
    private static TelemetryFlags TelemetryFlagsOf(FlagValues values) => new()
    {
        Enabled = values.Given(Flags.TelemetryEnabled),
        UsageEnabled = values.Given(Flags.TelemetryUsageEnabled),
        ErrorsEnabled = values.Given(Flags.TelemetryErrorsEnabled),
        Endpoint = values.Given(Flags.TelemetryEndpoint),
        Insecure = values.Given(Flags.TelemetryInsecure),
        ApiKeyFile = values.Given(Flags.TelemetryApiKeyFile),
        CaFile = values.Given(Flags.TelemetryCaFile),
        ActiveInterval = values.Given(Flags.TelemetryActiveInterval),
        FlushInterval = values.Given(Flags.TelemetryFlushInterval),
        Debug = values.Given(Flags.TelemetryDebug),
    };
}
