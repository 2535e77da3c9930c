using System.Collections.Immutable;
using System.Net;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Policies;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Operator.Configuration;

/// <summary>Every setting there is. The command line, the environment, the help and the documentation follow this list.</summary>
internal static class Flags
{
    // A lease counts in whole seconds; a shorter pause would only load the API server. The chart has the same bounds.
    private static readonly TimeSpan _shortestRetry = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan _longestLease = TimeSpan.FromHours(1);

    public static Setting<string?> Kubeconfig { get; } = new(
        "kubeconfig",
        "FILE",
        "",
        "The kubeconfig to use; without it the files of KUBECONFIG, merged as kubectl does, then the pod's own service "
            + "account, then ~/.kube/config.",
        SettingParsers.Text);

    public static Setting<string?> Context { get; } = new(
        "context",
        "NAME",
        "",
        "The kubeconfig's context; without it the current one.",
        SettingParsers.Text);

    public static Setting<string?> Namespace { get; } = new(
        "namespace",
        "NAME",
        "wayleave-system",
        "The operator's own namespace, for its lease, its ledger and the Secrets of member clusters; it has to exist.",
        OperatorParsers.Namespace);

    public static Setting<string?> Deployment { get; } = new(
        "deployment",
        "NAME",
        "",
        "The operator's own Deployment: its lease and ledger go when that goes, and an Event about it says when telemetry "
            + "has not been taken for a day.",
        OperatorParsers.ObjectName);

    public static Setting<string?> WatchNamespace { get; } = new(
        "watch-namespace",
        "NAME",
        "",
        "The only namespace to watch, for an operator that may see no other; empty for all. It has to exist, and cannot "
            + "be the operator's own. Not together with --clusters.",
        OperatorParsers.Namespace);

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
        "Where nothing else is said, also restrict what clients may reach to what they declare.",
        SettingParsers.Switch);

    public static Setting<ExternalMode> External { get; } = new(
        "external",
        "Auto|Never",
        "Auto",
        "Whether exposed servers stay reachable from outside the cluster where no EnforcementPolicy says otherwise.",
        SettingParsers.Choice<ExternalMode>());

    public static Setting<ImmutableArray<string>> SystemNamespaces { get; } = new(
        "system-namespaces",
        "PATTERNS",
        "",
        "More namespaces to leave alone unless an EnforcementPolicy names them, separated by commas; * stands for any "
            + "characters. Always included: kube-*, openshift-* and the operator's own.",
        SettingParsers.List(OperatorParsers.NamespacePattern));

    public static Setting<ImmutableArray<IPNetwork>> PodCidrs { get; } = new(
        "pod-cidrs",
        "RANGES",
        "",
        "Address ranges of Pods, separated by commas, to tell Pods from the outside. Read from spec.podCIDRs of the nodes "
            + "by default.",
        SettingParsers.List(OperatorParsers.AddressRange));

    public static Setting<ImmutableArray<IPNetwork>> ServiceCidrs { get; } = new(
        "service-cidrs",
        "RANGES",
        "",
        "Address ranges of Services, separated by commas. Read from the ServiceCIDR objects by default, where they are "
            + "served.",
        SettingParsers.List(OperatorParsers.AddressRange));

    public static Setting<ImmutableArray<ImmutableArray<PolicyPort>>> DnsPorts { get; } = new(
        "dns-ports",
        "PORTS",
        "",
        "More ports to allow for DNS where egress is restricted, separated by commas, for example 5353 or 5353/UDP.",
        SettingParsers.List(OperatorParsers.DnsPort));

    public static Setting<int> Workers { get; } = new(
        "workers",
        "N",
        "8",
        "How many objects each controller works on at once; there are seven controllers, and two for each member cluster.",
        SettingParsers.Number(1, 64));

    public static Setting<bool> Clusters { get; } = new(
        "clusters",
        placeholder: null,
        "false",
        "Also manage member clusters, which Cluster resources register; needs to read the Secrets of the operator's own "
            + "namespace.",
        SettingParsers.Switch);

    public static Setting<int> KubeApiQps { get; } = new(
        "kube-api-qps",
        "N",
        "0",
        "Requests a second to the API server at most; 0 leaves it to the API server's priority and fairness.",
        SettingParsers.Number(0, 100_000));

    public static Setting<IPEndPoint?> DnsServer { get; } = new(
        "dns-server",
        "ADDRESS[:PORT]",
        "",
        "The nameserver that looks up the domains of internet targets; without it those of /etc/resolv.conf.",
        OperatorParsers.Nameserver);

    public static Setting<IPAddress?> BindAddress { get; } = new(
        "bind-address",
        "ADDRESS",
        "*",
        "The address of the metrics and probe ports; * is every address.",
        OperatorParsers.BindAddress);

    public static Setting<int> MetricsPort { get; } = new(
        "metrics-port",
        "PORT",
        "8080",
        "The port of /metrics, another than that of the probes; 0 picks a free one and logs it.",
        SettingParsers.Number(0, 65535));

    public static Setting<int> ProbePort { get; } = new(
        "probe-port",
        "PORT",
        "8081",
        "The port of /healthz and /readyz, another than that of the metrics; 0 picks a free one and logs it.",
        SettingParsers.Number(0, 65535));

    public static Setting<bool> LeaderElect { get; } = new(
        "leader-elect",
        placeholder: null,
        "false",
        "Take part in leader election, so that of several replicas one acts.",
        SettingParsers.Switch);

    public static Setting<TimeSpan> LeaseDuration { get; } = new(
        "leader-elect-lease-duration",
        "DURATION",
        "15s",
        "How long others wait after the last renewal before they take the lease; 1s to 1h.",
        SettingParsers.Duration(TimeSpan.FromSeconds(1), _longestLease));

    public static Setting<TimeSpan> RenewDeadline { get; } = new(
        "leader-elect-renew-deadline",
        "DURATION",
        "10s",
        "How long the leader works on without a renewal; less than the lease's duration.",
        SettingParsers.Duration(_shortestRetry, _longestLease));

    public static Setting<TimeSpan> RetryPeriod { get; } = new(
        "leader-elect-retry-period",
        "DURATION",
        "2s",
        "The pause between two tries to acquire or renew; less than the renewal deadline.",
        SettingParsers.Duration(_shortestRetry, _longestLease));

    public static Setting<LogLevel> LogLevel { get; } = new(
        "log-level",
        "LEVEL",
        "Information",
        "Trace, Debug, Information, Warning, Error, Critical or None.",
        SettingParsers.Choice<LogLevel>());

    /// <summary>The pod's name, which tells replicas apart.</summary>
    public static Setting<string?> PodName { get; } = Setting.InEnvironment("POD_NAME", "", SettingParsers.Text);

    /// <summary>Those that have a flag, in the order of the help.</summary>
    public static ImmutableArray<Setting> All { get; } =
    [
        Kubeconfig, Context, Namespace, Deployment, WatchNamespace,
        Mode, Egress, External, SystemNamespaces, PodCidrs, ServiceCidrs, DnsPorts, DnsServer,
        Workers, Clusters, KubeApiQps, BindAddress, MetricsPort, ProbePort,
        LeaderElect, LeaseDuration, RenewDeadline, RetryPeriod, LogLevel,
        .. TelemetryFlags.All,
    ];
}

/// <summary>Whether exposed servers stay reachable from outside the cluster.</summary>
internal enum ExternalMode
{
    Auto,
    Never,
}
