using System.Collections.Immutable;

namespace Wayleave.Operator.Configuration;

/// <summary>Every flag there is. The help, the environment and the documentation follow this list.</summary>
internal static class Flags
{
    public static Flag Kubeconfig { get; } = new(
        "kubeconfig", "FILE", "",
        "The kubeconfig to use; without it the files of KUBECONFIG, merged as kubectl does, then the pod's own service "
        + "account, then ~/.kube/config.");

    public static Flag Context { get; } = new("context", "NAME", "", "The kubeconfig's context; without it the current one.");

    public static Flag Namespace { get; } = new(
        "namespace", "NAME", "wayleave-system",
        "The operator's own namespace, for its lease, its ledger and the Secrets of member clusters; it has to exist.");

    public static Flag Deployment { get; } = new("deployment", "NAME", "", "The operator's own Deployment: its lease and ledger go when that goes, and an Event about it says when telemetry has not been taken for a day.");

    public static Flag WatchNamespace { get; } = new(
        "watch-namespace",
        "NAME",
        "",
        "The only namespace to watch, for an operator that may see no other; empty for all. It has to exist, and cannot be the operator's own."
            + " Not together with --clusters.");

    public static Flag Mode { get; } = new(
        "mode", "Enforce|Shadow|Disabled", "Enforce", "Mode of namespaces that no EnforcementPolicy selects: write policies, only report them, or do nothing.");

    public static Flag Egress { get; } = new("egress", null, "false", "Where nothing else is said, also restrict what clients may reach to what they declare.");

    public static Flag External { get; } = new(
        "external", "Auto|Never", "Auto", "Whether exposed servers stay reachable from outside the cluster where no EnforcementPolicy says otherwise.");

    public static Flag SystemNamespaces { get; } = new(
        "system-namespaces", "PATTERNS", "", "More namespaces to leave alone unless an EnforcementPolicy names them, separated by commas; * stands for any characters."
            + " Always included: kube-*, openshift-* and the operator's own.");

    public static Flag PodCidrs { get; } = new(
        "pod-cidrs", "RANGES", "", "Address ranges of Pods, separated by commas, to tell Pods from the outside. Read from spec.podCIDRs of the nodes by default.");

    public static Flag ServiceCidrs { get; } = new(
        "service-cidrs", "RANGES", "", "Address ranges of Services, separated by commas. Read from the ServiceCIDR objects by default, where they are served.");

    public static Flag DnsPorts { get; } = new(
        "dns-ports", "PORTS", "", "More ports to allow for DNS where egress is restricted, separated by commas, for example 5353 or 5353/UDP.");

    public static Flag Workers { get; } = new(
        "workers", "N", "8", "How many objects each controller works on at once; there are seven controllers, and two for each member cluster.");

    public static Flag Clusters { get; } = new(
        "clusters",
        null,
        "false",
        "Also manage member clusters, which Cluster resources register; needs to read the Secrets of the operator's own namespace.");

    public static Flag KubeApiQps { get; } = new("kube-api-qps", "N", "0", "Requests a second to the API server at most; 0 leaves it to the API server's priority and fairness.");

    public static Flag DnsServer { get; } = new(
        "dns-server",
        "ADDRESS[:PORT]",
        "",
        "The nameserver that looks up the domains of internet targets; without it those of /etc/resolv.conf.");

    public static Flag BindAddress { get; } = new("bind-address", "ADDRESS", "*", "The address of the metrics and probe ports; * is every address.");

    public static Flag MetricsPort { get; } = new(
        "metrics-port", "PORT", "8080",
        "The port of /metrics, another than that of the probes; 0 picks a free one and logs it.");

    public static Flag ProbePort { get; } = new(
        "probe-port", "PORT", "8081",
        "The port of /healthz and /readyz, another than that of the metrics; 0 picks a free one and logs it.");

    public static Flag LeaderElect { get; } = new("leader-elect", null, "false", "Contest a lease, so that of several replicas one acts.");

    public static Flag LeaseDuration { get; } = new(
        "leader-elect-lease-duration",
        "DURATION",
        "15s",
        "How long others wait after the last renewal before they take the lease; 1s to 1h.");

    public static Flag RenewDeadline { get; } = new("leader-elect-renew-deadline", "DURATION", "10s", "How long the leader works on without a renewal; less than the lease's duration.");

    public static Flag RetryPeriod { get; } = new("leader-elect-retry-period", "DURATION", "2s", "The pause between two tries to acquire or renew; less than the renewal deadline.");

    public static Flag LogLevel { get; } = new("log-level", "LEVEL", "Information", "Trace, Debug, Information, Warning, Error, Critical or None.");

    public static Flag TelemetryEnabled { get; } = new(
        "telemetry-enabled",
        null,
        "true",
        "Whether anonymous counts are kept and, given an endpoint, sent; DO_NOT_TRACK=1 and OTEL_SDK_DISABLED=true turn it off as well.");

    public static Flag TelemetryUsageEnabled { get; } = new("telemetry-usage-enabled", null, "true", "Whether usage is counted.");

    public static Flag TelemetryErrorsEnabled { get; } = new("telemetry-errors-enabled", null, "true", "Whether errors are counted, by type.");

    public static Flag TelemetryEndpoint { get; } = new("telemetry-endpoint", "URL", "", "The OTLP/HTTP collector; without it OTEL_EXPORTER_OTLP_ENDPOINT; without both nothing is sent.");

    public static Flag TelemetryInsecure { get; } = new(
        "telemetry-insecure",
        null,
        "false",
        "Allow an API key to be sent in clear, over http:// to an address that is not loopback; without it telemetry is off then.");

    public static Flag TelemetryApiKeyFile { get; } = new("telemetry-api-key-file", "FILE", "", "A file with the collector's API key, read anew for each request; without it OTEL_EXPORTER_OTLP_API_KEY.");

    public static Flag TelemetryCaFile { get; } = new("telemetry-ca-file", "FILE", "", "A PEM file with the only authorities that may have signed the collector's certificate; without it those that the system trusts.");

    public static Flag TelemetryActiveInterval { get; } = new("telemetry-active-interval", "DURATION", "24h", "How often ACTIVE is counted.");

    public static Flag TelemetryFlushInterval { get; } = new("telemetry-flush-interval", "DURATION", "60s", "How often counts are written to the ledger and sent.");

    public static Flag TelemetryDebug { get; } = new("telemetry-debug", null, "false", "Show each record in the log as it is sent, or would be.");

    public static ImmutableArray<Flag> All { get; } =
    [
        Kubeconfig, Context, Namespace, Deployment, WatchNamespace,
        Mode, Egress, External, SystemNamespaces, PodCidrs, ServiceCidrs, DnsPorts, DnsServer,
        Workers, Clusters, KubeApiQps, BindAddress, MetricsPort, ProbePort,
        LeaderElect, LeaseDuration, RenewDeadline, RetryPeriod, LogLevel,
        TelemetryEnabled, TelemetryUsageEnabled, TelemetryErrorsEnabled, TelemetryEndpoint, TelemetryInsecure,
        TelemetryApiKeyFile, TelemetryCaFile, TelemetryActiveInterval, TelemetryFlushInterval, TelemetryDebug,
    ];
}
