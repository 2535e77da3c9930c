namespace Wayleave.Api;

/// <summary>
/// The reasons of conditions, targets and Events. Each says what it means (summary), what to do (remarks), and on which kinds it appears
/// (seealso). If a reason also appears in other conditions or in Events, seealso names them. docs/reasons.md is generated from these
/// comments.
/// </summary>
public static class Reasons
{
    /// <summary>Everything that was declared is enforced.</summary>
    /// <remarks>Nothing.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string Enforced = "Enforced";

    /// <summary>The server's namespace is in mode <c>Shadow</c>. The policy was computed and not written.</summary>
    /// <remarks>Set <c>mode: Enforce</c> in the EnforcementPolicy of the namespace to enforce it.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string Shadow = "Shadow";

    /// <summary>The server's namespace is in mode <c>Disabled</c>.</summary>
    /// <remarks>Set another mode in the EnforcementPolicy of the namespace to enforce it.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string Disabled = "Disabled";

    /// <summary>
    /// Some targets are enforced. The rest is not supported, disabled, in shadow, or enforced without its HTTP paths. On an
    /// EnforcementPolicy: it applies, but without a port range that the API server cannot store.
    /// </summary>
    /// <remarks>Read <c>status.targets</c> or the message. It says which part is not enforced.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="EnforcementPolicy"/>
    /// <seealso cref="ConditionTypes.Ready"/>
    public const string PartiallyEnforced = "PartiallyEnforced";

    /// <summary>The Pods use the host network: a NetworkPolicy neither selects them nor matches them as a peer.</summary>
    /// <remarks>Run the Pods without <c>hostNetwork</c>, or allow the addresses of the nodes as the message says.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string HostNetwork = "HostNetwork";

    /// <summary>The EnforcementPolicy of the server's namespace does not accept ClientIntents from the client's namespace.</summary>
    /// <remarks>Add the client's namespace to <c>spec.acceptFrom</c> of that EnforcementPolicy.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string NotAccepted = "NotAccepted";

    /// <summary>The workload is the cluster's DNS, which is never isolated.</summary>
    /// <remarks>Nothing.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string ClusterDns = "ClusterDns";

    /// <summary>The Job does not exist now. Its policy is written, or its calls are allowed, when it is created.</summary>
    /// <remarks>Nothing.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string JobNotFound = "JobNotFound";

    /// <summary>The API server does not support port ranges, and the range is too large to be written as single ports.</summary>
    /// <remarks>Declare at most 128 ports in a range, or use Kubernetes 1.22 or later.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string PortRangeNotSupported = "PortRangeNotSupported";

    /// <summary>No container of the server declares the port, so the rule may match nothing.</summary>
    /// <remarks>Declare the port that the message names, or add the port to the Pod template.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string PortNotDeclared = "PortNotDeclared";

    /// <summary>The Pods of a Job or CronJob are identified only by labels that change with every version or run.</summary>
    /// <remarks>Give the Pods a label of their own that stays the same.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="ConditionTypes.UnstableLabels"/>
    public const string UnstableLabels = "UnstableLabels";

    /// <summary>
    /// The Pod ranges of the cluster are unknown, so that traffic from outside cannot be distinguished from traffic of Pods.
    /// </summary>
    /// <remarks>Set <c>operator.podCIDRs</c> of the chart (<c>--pod-cidrs</c>).</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="ConditionTypes.ExternalTraffic"/>
    public const string PodRangesUnknown = "PodRangesUnknown";

    /// <summary>An Ingress or Gateway names no class, or one that does not exist.</summary>
    /// <remarks>
    /// Set or create the class, or name the controller's Pods in <c>spec.allow.ingressControllers</c> of the EnforcementPolicy.
    /// </remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="ConditionTypes.ExternalTraffic"/>
    public const string IngressClassNotFound = "IngressClassNotFound";

    /// <summary>The labels of the ingress controller's Pods are not known.</summary>
    /// <remarks>Name the Pods in <c>spec.allow.ingressControllers</c> of the EnforcementPolicy.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="ConditionTypes.ExternalTraffic"/>
    public const string UnknownIngressController = "UnknownIngressController";

    /// <summary>No Pods of the ingress controller were found in the cluster.</summary>
    /// <remarks>Install the controller, or name its Pods in <c>spec.allow.ingressControllers</c> of the EnforcementPolicy.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="ConditionTypes.ExternalTraffic"/>
    public const string IngressControllerNotFound = "IngressControllerNotFound";

    /// <summary>An Ingress, route or webhook names a port that its Service does not have.</summary>
    /// <remarks>Correct the port, or add it to the Service.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="ConditionTypes.ExternalTraffic"/>
    public const string ExposedPortNotFound = "ExposedPortNotFound";

    /// <summary>
    /// The operator cannot read the Ingresses, routes and webhooks that expose servers. Policies do not change until it can.
    /// </summary>
    /// <remarks>
    /// Give the operator the permissions of the chart, or set <c>spec.allow.external</c> of the EnforcementPolicy to <c>Never</c>.
    /// </remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string ExposureUnknown = "ExposureUnknown";

    /// <summary>The server's namespace is a system namespace, which is enforced only if a policy names it.</summary>
    /// <remarks>To enforce in it, name the namespace in the selector of an EnforcementPolicy.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string SystemNamespace = "SystemNamespace";

    /// <summary>The operator has not reconciled it yet.</summary>
    /// <remarks>Wait.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string Pending = "Pending";

    /// <summary>The server does not exist.</summary>
    /// <remarks>Create the workload, or correct its name or kind.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string WorkloadNotFound = "WorkloadNotFound";

    /// <summary>The client does not exist.</summary>
    /// <remarks>Create the workload, or correct <c>spec.workload</c>.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string ClientNotFound = "ClientNotFound";

    /// <summary>The Service does not exist.</summary>
    /// <remarks>Create the Service, or correct its name.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string ServiceNotFound = "ServiceNotFound";

    /// <summary>The Service does not have a port that the target names.</summary>
    /// <remarks>Correct the port, or add it to the Service.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string ServicePortNotFound = "ServicePortNotFound";

    /// <summary>The namespace does not exist yet, or is being deleted.</summary>
    /// <remarks>Create the namespace, or correct its name.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string NamespaceNotFound = "NamespaceNotFound";

    /// <summary>The operator watches only another namespace.</summary>
    /// <remarks>Name a server in that namespace, or install without <c>operator.watchNamespace</c>.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string NamespaceNotWatched = "NamespaceNotWatched";

    /// <summary>Workloads of several kinds have this name, and the declaration has no kind.</summary>
    /// <remarks>Set <c>kind</c>.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string AmbiguousWorkload = "AmbiguousWorkload";

    /// <summary>The workload's selector is empty and would select all Pods of the namespace.</summary>
    /// <remarks>Give the Pods of the workload labels of their own.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string EmptySelector = "EmptySelector";

    /// <summary>A namespace lacks the label with its own name, so that no rule can select it.</summary>
    /// <remarks>Label the namespace with <c>kubernetes.io/metadata.name</c> and its name.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string NamespaceLabelMissing = "NamespaceLabelMissing";

    /// <summary>The connection is enforced, but not its HTTP paths.</summary>
    /// <remarks>Nothing. Every path is allowed.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string HttpPathsNotEnforced = "HttpPathsNotEnforced";

    /// <summary>This version does not enforce targets of that type.</summary>
    /// <remarks>Declare the server as a <c>kubernetes</c> or <c>service</c> target to allow the connection.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string NotSupported = "NotSupported";

    /// <summary>The Service has no selector, so there are no Pods to select.</summary>
    /// <remarks>Declare the workload or the addresses behind the Service.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string ServiceWithoutSelector = "ServiceWithoutSelector";

    /// <summary>The Service is of type ExternalName.</summary>
    /// <remarks>Declare an <c>internet</c> target.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string ExternalNameService = "ExternalNameService";

    /// <summary>A value is invalid in a way that the schema cannot express.</summary>
    /// <remarks>Correct the field that the message names. Until then, the last valid generation stays enforced.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="EnforcementPolicy"/>
    /// <seealso cref="Cluster"/>
    /// <seealso cref="KafkaServerConfig"/>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>A NetworkPolicy that Wayleave does not manage has the name that Wayleave needs.</summary>
    /// <remarks>Rename or delete that NetworkPolicy.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string PolicyNameConflict = "PolicyNameConflict";

    /// <summary>The API server refused a write, or could not be reached. The operator retries.</summary>
    /// <remarks>Read the operator's log, which has the response of the API server.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string WriteFailed = "WriteFailed";

    /// <summary>Another writer keeps changing a policy that the operator restores.</summary>
    /// <remarks>Find and stop that writer.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string WriteConflict = "WriteConflict";

    /// <summary>A policy that was changed or deleted by someone else was restored.</summary>
    /// <remarks>Find out who changed it. The Event names the policy.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="k8s.Models.Eventsv1Event"/>
    public const string DriftRepaired = "DriftRepaired";

    /// <summary>Telemetry has not been delivered for a day. The counts are kept.</summary>
    /// <remarks>Look at <c>GET /telemetry</c> on the metrics port, or turn telemetry off.</remarks>
    /// <seealso cref="k8s.Models.V1Deployment"/>
    /// <seealso cref="k8s.Models.Eventsv1Event"/>
    public const string TelemetryNotDelivered = "TelemetryNotDelivered";

    /// <summary>A Service without a selector has no endpoints.</summary>
    /// <remarks>Give the Service a selector or endpoints.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string NoEndpoints = "NoEndpoints";

    /// <summary>Egress is not restricted in the client's namespace, so the target is reachable like everything else.</summary>
    /// <remarks>Nothing. Set <c>egress: true</c> in an EnforcementPolicy to restrict the client.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string EgressNotRestricted = "EgressNotRestricted";

    /// <summary>The ranges include every IPv4 or every IPv6 address, including those of the cluster.</summary>
    /// <remarks>List specific ranges, or exclude some with <c>except</c>.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string AllAddressesAllowed = "AllAddressesAllowed";

    /// <summary>A domain has not been resolved, or has no address. Its last known addresses stay allowed.</summary>
    /// <remarks>Correct the domain or the operator's nameserver (<c>--dns-server</c>).</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string DomainNotResolved = "DomainNotResolved";

    /// <summary>A domain resolves to addresses that DNS must not allow, such as loopback addresses or Pods of the cluster.</summary>
    /// <remarks>
    /// To allow it, add the address to <c>ips</c> of the target. For Pods and Services, declare the workload or Service.
    /// </remarks>
    /// <seealso cref="ClientIntents"/>
    public const string UnsafeAddress = "UnsafeAddress";

    /// <summary>A domain, or all targets of a client together, have more addresses than are allowed.</summary>
    /// <remarks>Give ranges in <c>ips</c>.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string TooManyAddresses = "TooManyAddresses";

    /// <summary>
    /// A domain that begins with <c>*</c> cannot be looked up, and the operator does not read the map of the network mapper.
    /// </summary>
    /// <remarks>Name each domain, give <c>ips</c>, or turn on the network mapper.</remarks>
    /// <seealso cref="ClientIntents"/>
    public const string WildcardDomain = "WildcardDomain";

    /// <summary>
    /// The network mapper has not seen DNS answer a name below a domain that begins with <c>*</c> to the Pods of the client. Until then the
    /// domain allows nothing. This does not affect <c>Ready</c>.
    /// </summary>
    /// <remarks>
    /// Nothing: the addresses are allowed when a Pod of the client asks for such a name. If Pods do ask, check that the sensors run and
    /// that the Pods use plain DNS.
    /// </remarks>
    /// <seealso cref="ClientIntents"/>
    public const string NoAnswerSeen = "NoAnswerSeen";

    /// <summary>
    /// The network mapper has lost the entry that some addresses of a domain came from, for example because the ObservedIntents of the
    /// client was deleted. The last known addresses stay allowed.
    /// </summary>
    /// <remarks>
    /// Nothing. Addresses that are not seen again are closed when the new entry is a day old. To close them at once, remove the domain from
    /// the ClientIntents and add it again.
    /// </remarks>
    /// <seealso cref="ClientIntents"/>
    public const string LastKnownAddresses = "LastKnownAddresses";

    /// <summary>The selector of a workload matches Pods of another workload as well.</summary>
    /// <remarks>Give the Pods of each workload labels of their own.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="ConditionTypes.SelectorOverlap"/>
    public const string SelectorOverlap = "SelectorOverlap";

    /// <summary>The EnforcementPolicy applies to at least one namespace.</summary>
    /// <remarks>Nothing.</remarks>
    /// <seealso cref="EnforcementPolicy"/>
    public const string Active = "Active";

    /// <summary>The EnforcementPolicy selects no namespace that exists.</summary>
    /// <remarks>Label a namespace, or correct <c>spec.namespaceSelector</c>.</remarks>
    /// <seealso cref="EnforcementPolicy"/>
    public const string NoNamespaceSelected = "NoNamespaceSelected";

    /// <summary>Another EnforcementPolicy applies to namespaces that this one selects.</summary>
    /// <remarks>To apply this one instead, raise its <c>spec.priority</c>.</remarks>
    /// <seealso cref="EnforcementPolicy"/>
    /// <seealso cref="ConditionTypes.Ready"/>
    /// <seealso cref="ConditionTypes.Overridden"/>
    public const string Overridden = "Overridden";

    /// <summary>The KafkaServerConfig is valid. This version does not write Kafka ACLs.</summary>
    /// <remarks>Nothing.</remarks>
    /// <seealso cref="KafkaServerConfig"/>
    public const string Accepted = "Accepted";

    /// <summary><c>spec.clusters</c> names a Cluster that does not exist.</summary>
    /// <remarks>Create the Cluster, or correct the name.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string ClusterNotFound = "ClusterNotFound";

    /// <summary><c>spec.clusters</c> selects no existing Cluster.</summary>
    /// <remarks>Label a Cluster, or correct the selector.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string NoClusterSelected = "NoClusterSelected";

    /// <summary>The policy belongs to another installation of Wayleave, which enforces in the same cluster.</summary>
    /// <remarks>Declare it in one place, or delete the policy of the other installation.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="TargetStatus"/>
    /// <seealso cref="ConditionTypes.Ready"/>
    /// <seealso cref="ConditionTypes.OwnedByAnother"/>
    public const string OwnedByAnother = "OwnedByAnother";

    /// <summary>The Cluster is connected.</summary>
    /// <remarks>Nothing.</remarks>
    /// <seealso cref="Cluster"/>
    public const string Connected = "Connected";

    /// <summary>The Cluster is connected, and its caches are syncing.</summary>
    /// <remarks>Wait.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string Connecting = "Connecting";

    /// <summary>The Cluster does not respond, or its certificate does not match the kubeconfig. The operator retries.</summary>
    /// <remarks>Check the API server of the Cluster, and the server and certificates in the kubeconfig.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string Unreachable = "Unreachable";

    /// <summary>The Cluster rejects the credentials.</summary>
    /// <remarks>Put new credentials into the Secret.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string Unauthorized = "Unauthorized";

    /// <summary>The credentials lack a permission in the Cluster.</summary>
    /// <remarks>Apply <c>member-role.yaml</c> of the chart in the Cluster.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string Forbidden = "Forbidden";

    /// <summary>The Secret or its key does not exist, or it is in another namespace.</summary>
    /// <remarks>Create the Secret in the operator's namespace, or correct <c>spec.kubeconfigSecretRef</c>.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string SecretNotFound = "SecretNotFound";

    /// <summary>The kubeconfig cannot be used.</summary>
    /// <remarks>Correct the field of the kubeconfig that the message names.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string InvalidKubeconfig = "InvalidKubeconfig";

    /// <summary><c>spec.paused</c> is set: nothing is changed in the Cluster.</summary>
    /// <remarks>Set <c>spec.paused</c> to <c>false</c> to continue.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string Paused = "Paused";

    /// <summary>The kubeconfig connects to the operator's own cluster, or to one that is already registered.</summary>
    /// <remarks>Select that cluster, and delete one of the two Clusters.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string SameCluster = "SameCluster";

    /// <summary>The Cluster is too old, or serves no network policies.</summary>
    /// <remarks>Upgrade the Cluster to Kubernetes 1.20 or later.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string NotServed = "NotServed";

    /// <summary>A member cluster has more objects, or larger responses, than the operator's limits.</summary>
    /// <remarks>Run an operator in that cluster.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string TooLarge = "TooLarge";

    /// <summary>The Cluster is being deleted, and its policies are being removed.</summary>
    /// <remarks>Wait.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string CleaningUp = "CleaningUp";

    /// <summary>
    /// The network mapper has seen calls that no ClientIntents declares. On an EnforcementPolicy: mode <c>Enforce</c> would cut them.
    /// </summary>
    /// <remarks>
    /// Declare the calls, or find out who makes them. <c>kubectl wayleave map diff</c> lists them, and
    /// <c>kubectl wayleave map export --merge</c> writes the missing targets.
    /// </remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="EnforcementPolicy"/>
    /// <seealso cref="ConditionTypes.UndeclaredCalls"/>
    /// <seealso cref="ConditionTypes.ReadyToEnforce"/>
    public const string UndeclaredCalls = "UndeclaredCalls";

    /// <summary>Every call of the client that the network mapper has seen is declared.</summary>
    /// <remarks>Nothing.</remarks>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ConditionTypes.UndeclaredCalls"/>
    public const string AllCallsDeclared = "AllCallsDeclared";

    /// <summary>The network mapper has seen no call from or to the namespaces of the policy.</summary>
    /// <remarks>Wait, or check that the network mapper and its sensors run.</remarks>
    /// <seealso cref="EnforcementPolicy"/>
    /// <seealso cref="ConditionTypes.ReadyToEnforce"/>
    public const string NoObservations = "NoObservations";

    /// <summary>
    /// No call that was seen would be cut, but calls were observed for less than 7 days. A call that is made once a week may be missing.
    /// </summary>
    /// <remarks>Wait until the day that the message names.</remarks>
    /// <seealso cref="EnforcementPolicy"/>
    /// <seealso cref="ConditionTypes.ReadyToEnforce"/>
    public const string TooFewDays = "TooFewDays";

    /// <summary>No call that the network mapper has seen in at least 7 days would be cut.</summary>
    /// <remarks>Set <c>mode: Enforce</c> in the EnforcementPolicy.</remarks>
    /// <seealso cref="EnforcementPolicy"/>
    /// <seealso cref="ConditionTypes.ReadyToEnforce"/>
    public const string ReadyToEnforce = "ReadyToEnforce";
}
