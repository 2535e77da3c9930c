using System.Collections.Immutable;
using System.Net;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Operator.Recording;
using Wayleave.Operator.Tracing;
using Wayleave.Settings;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Operator.Configuration;

/// <summary>
/// All options of the operator. The command line, the environment, the help and the documentation are made from this list.
/// </summary>
internal static class Flags
{
    // Leases have whole seconds, and a shorter delay would only load the API server. The chart has the same bounds.
    private static readonly TimeSpan _shortestRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestLease = TimeSpan.FromHours(1);

    public static Setting<string?> Kubeconfig { get; } = new(
        "kubeconfig",
        "FILE",
        "",
        "Path of the kubeconfig. Defaults to the files of KUBECONFIG, merged as kubectl does, then the Pod's service "
            + "account, then ~/.kube/config.",
        SettingParsers.Text);

    public static Setting<string?> Context { get; } = new(
        "context",
        "NAME",
        "",
        "Context of the kubeconfig. Defaults to its current context.",
        SettingParsers.Text);

    public static Setting<string?> Namespace { get; } = new(
        "namespace",
        "NAME",
        "wayleave-system",
        "Namespace of the operator, for its lease, telemetry ledger and the Secrets of member clusters. It must exist.",
        NameParsers.Namespace);

    public static Setting<string?> Deployment { get; } = new(
        "deployment",
        "NAME",
        "",
        "Name of the operator's Deployment. Used as owner of the lease and the telemetry ledger, and as the subject of an "
            + "Event when telemetry has not been delivered for a day.",
        NameParsers.ObjectName);

    public static Setting<string?> WatchNamespace { get; } = new(
        "watch-namespace",
        "NAME",
        "",
        "Watch only this namespace. It must exist and must not be the operator's own. Cannot be combined with --clusters.",
        NameParsers.Namespace);

    public static Setting<EnforcementMode> Mode { get; } = new(
        "mode",
        "Enforce|Shadow|Disabled",
        "Enforce",
        "Mode of namespaces that no EnforcementPolicy selects: write policies, only report them, or do nothing.",
        SettingParsers.Choice<EnforcementMode>());

    public static Setting<bool> Egress { get; } = new(
        "egress",
        placeholder: null,
        "false",
        "Restrict the egress of clients to their targets in namespaces where no EnforcementPolicy says otherwise.",
        SettingParsers.Switch);

    public static Setting<ExternalMode> External { get; } = new(
        "external",
        "Auto|Never",
        "Auto",
        "Whether exposed servers stay reachable from outside the cluster, unless an EnforcementPolicy says otherwise.",
        SettingParsers.Choice<ExternalMode>());

    public static Setting<ImmutableArray<string>> SystemNamespaces { get; } = new(
        "system-namespaces",
        "PATTERNS",
        "",
        "More namespaces that are enforced only if an EnforcementPolicy names them, separated by commas; * matches any "
            + "characters. Always included: kube-*, openshift-* and the operator's own.",
        SettingParsers.List(OperatorParsers.NamespacePattern));

    public static Setting<ImmutableArray<IPNetwork>> PodCidrs { get; } = new(
        "pod-cidrs",
        "RANGES",
        "",
        "Address ranges of Pods, separated by commas. Defaults to spec.podCIDRs of the nodes.",
        SettingParsers.List(OperatorParsers.AddressRange));

    public static Setting<ImmutableArray<IPNetwork>> ServiceCidrs { get; } = new(
        "service-cidrs",
        "RANGES",
        "",
        "Address ranges of Services, separated by commas. Defaults to the ServiceCIDR objects, if the API server serves "
            + "them.",
        SettingParsers.List(OperatorParsers.AddressRange));

    public static Setting<ImmutableArray<ImmutableArray<PolicyPort>>> DnsPorts { get; } = new(
        "dns-ports",
        "PORTS",
        "",
        "More ports to allow for DNS if egress is restricted, separated by commas, for example 5353 or 5353/UDP.",
        SettingParsers.List(OperatorParsers.DnsPort));

    public static Setting<int> Workers { get; } = new(
        "workers",
        "N",
        "8",
        "Number of objects that each controller reconciles concurrently. There are seven controllers, and two for each "
            + "member cluster.",
        SettingParsers.Number(1, 64));

    public static Setting<bool> Clusters { get; } = new(
        "clusters",
        placeholder: null,
        "false",
        "Enforce in member clusters too, which Cluster resources register. Requires reading the Secrets of the operator's "
            + "namespace.",
        SettingParsers.Switch);

    public static Setting<bool> ObservedIntents { get; } = new(
        "observed-intents",
        placeholder: null,
        "false",
        "Read the calls that the network mapper has seen. Statuses report which of them are not declared, and the addresses that DNS "
            + "answered to a client open its declared domains.",
        SettingParsers.Switch);

    public static Setting<int> KubeApiQps { get; } = new(
        "kube-api-qps",
        "N",
        "0",
        "Maximum number of requests per second to each API server. 0 relies on API priority and fairness.",
        SettingParsers.Number(0, 100_000));

    public static Setting<bool> KubeApiContentType { get; } = new(
        "kube-api-content-type",
        "TYPE",
        "application/vnd.kubernetes.protobuf",
        "Format in which Kubernetes' own kinds are read from each API server: application/vnd.kubernetes.protobuf or "
            + "application/json.",
        OperatorParsers.AcceptsProtobuf);

    public static Setting<IPEndPoint?> DnsServer { get; } = new(
        "dns-server",
        "ADDRESS[:PORT]",
        "",
        "Nameserver for the domains of internet targets. Defaults to those of /etc/resolv.conf.",
        OperatorParsers.Nameserver);

    public static Setting<IPAddress?> BindAddress { get; } = new(
        "bind-address",
        "ADDRESS",
        "*",
        "Address of the metrics and probe ports. * means all addresses.",
        OperatorParsers.BindAddress);

    public static Setting<int> MetricsPort { get; } = new(
        "metrics-port",
        "PORT",
        "8080",
        "Port of /metrics. It must differ from the probe port. 0 picks a free port and logs it.",
        SettingParsers.Port);

    public static Setting<int> ProbePort { get; } = new(
        "probe-port",
        "PORT",
        "8081",
        "Port of /healthz and /readyz. It must differ from the metrics port. 0 picks a free port and logs it.",
        SettingParsers.Port);

    public static Setting<bool> LeaderElect { get; } = new(
        "leader-elect",
        placeholder: null,
        "false",
        "Use leader election, so that only one of several replicas acts.",
        SettingParsers.Switch);

    public static Setting<TimeSpan> LeaseDuration { get; } = new(
        "leader-elect-lease-duration",
        "DURATION",
        "15s",
        "How long other candidates wait after the last renewal before they acquire the lease: 1s to 1h.",
        SettingParsers.Duration(TimeSpan.FromSeconds(1), _longestLease));

    public static Setting<TimeSpan> RenewDeadline { get; } = new(
        "leader-elect-renew-deadline",
        "DURATION",
        "10s",
        "How long the leader acts without a renewal. Must be shorter than the lease duration.",
        SettingParsers.Duration(_shortestRetry, _longestLease));

    public static Setting<TimeSpan> RetryPeriod { get; } = new(
        "leader-elect-retry-period",
        "DURATION",
        "2s",
        "Delay between two attempts to acquire or renew the lease. Must be shorter than the renew deadline.",
        SettingParsers.Duration(_shortestRetry, _longestLease));

    public static Setting<LogLevel> LogLevel { get; } = new(
        "log-level",
        "LEVEL",
        "Information",
        "Trace, Debug, Information, Warning, Error, Critical or None.",
        SettingParsers.Choice<LogLevel>());

    public static Setting<string?> PodName { get; } = Setting.InEnvironment(
        "POD_NAME",
        "",
        "Name of the Pod, which identifies the replica. Defaults to the host name and the process ID.",
        SettingParsers.Text);

    /// <summary>Those that have a flag, in the order of the help.</summary>
    public static ImmutableArray<Setting> All { get; } =
    [
        Kubeconfig, Context, Namespace, Deployment, WatchNamespace,
        Mode, Egress, External, SystemNamespaces, PodCidrs, ServiceCidrs, DnsPorts, DnsServer,
        Workers, Clusters, ObservedIntents, KubeApiQps, KubeApiContentType, BindAddress, MetricsPort, ProbePort,
        LeaderElect, LeaseDuration, RenewDeadline, RetryPeriod, LogLevel,
        .. TelemetryFlags.All, .. TracingFlags.All, .. EventFlags.All,
    ];

    /// <summary>Those that have a variable and no flag.</summary>
    public static ImmutableArray<Setting> InEnvironment { get; } = [PodName, .. TelemetryFlags.InEnvironment, TracingFlags.Headers];
}

/// <summary>Whether exposed servers stay reachable from outside the cluster.</summary>
internal enum ExternalMode
{
    Auto,
    Never,
}
