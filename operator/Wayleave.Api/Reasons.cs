namespace Wayleave.Api;

/// <summary>The reasons of conditions, targets and Events.</summary>
public static class Reasons
{
    /// <summary>Everything that was declared is enforced.</summary>
    public const string Enforced = "Enforced";

    /// <summary>The server's namespace is in mode Shadow.</summary>
    public const string Shadow = "Shadow";

    /// <summary>The server's namespace is in mode Disabled.</summary>
    public const string Disabled = "Disabled";

    /// <summary>Some targets are enforced, and others are not supported, disabled, or enforced without their HTTP paths.</summary>
    public const string PartiallyEnforced = "PartiallyEnforced";

    /// <summary>The Pods use the host network: a NetworkPolicy neither selects them nor matches them as a peer.</summary>
    public const string HostNetwork = "HostNetwork";

    /// <summary>The EnforcementPolicy of the server's namespace does not accept ClientIntents from the client's namespace.</summary>
    public const string NotAccepted = "NotAccepted";

    /// <summary>The workload is the cluster's DNS, which is never isolated.</summary>
    public const string ClusterDns = "ClusterDns";

    /// <summary>The Job does not exist now. It is allowed as soon as it is created.</summary>
    public const string JobNotFound = "JobNotFound";

    /// <summary>The API server does not support port ranges, and the range is too large to be written as single ports.</summary>
    public const string PortRangeNotSupported = "PortRangeNotSupported";

    /// <summary>No container of the server declares the port, and a Service maps it to another.</summary>
    public const string PortNotDeclared = "PortNotDeclared";

    /// <summary>The Pods of a Job or CronJob are identified only by labels that change with every version or run.</summary>
    public const string UnstableLabels = "UnstableLabels";

    /// <summary>The Pod ranges of the cluster are unknown, so that traffic from outside cannot be distinguished from traffic of Pods.</summary>
    public const string PodRangesUnknown = "PodRangesUnknown";

    /// <summary>An Ingress or Gateway names no class, or one that does not exist.</summary>
    public const string IngressClassNotFound = "IngressClassNotFound";

    /// <summary>The labels of the ingress controller's Pods are not known.</summary>
    public const string UnknownIngressController = "UnknownIngressController";

    /// <summary>No Pods of the ingress controller were found in the cluster.</summary>
    public const string IngressControllerNotFound = "IngressControllerNotFound";

    /// <summary>An Ingress, route or webhook names a port that its Service does not have.</summary>
    public const string ExposedPortNotFound = "ExposedPortNotFound";

    /// <summary>The operator cannot read what exposes servers outside the cluster.</summary>
    public const string ExposureUnknown = "ExposureUnknown";

    /// <summary>The server's namespace is a system namespace, which is enforced only if a policy names it.</summary>
    public const string SystemNamespace = "SystemNamespace";

    /// <summary>The operator has not reconciled it yet.</summary>
    public const string Progressing = "Progressing";

    /// <summary>The server does not exist.</summary>
    public const string WorkloadNotFound = "WorkloadNotFound";

    /// <summary>The client does not exist.</summary>
    public const string ClientNotFound = "ClientNotFound";

    /// <summary>The Service does not exist.</summary>
    public const string ServiceNotFound = "ServiceNotFound";

    /// <summary>The Service does not have a port that the target names.</summary>
    public const string ServicePortNotFound = "ServicePortNotFound";

    /// <summary>The server's namespace does not exist yet, or is being deleted.</summary>
    public const string NamespaceNotFound = "NamespaceNotFound";

    /// <summary>The operator watches only another namespace.</summary>
    public const string NamespaceNotWatched = "NamespaceNotWatched";

    /// <summary>Workloads of several kinds have this name, and the declaration has no kind.</summary>
    public const string AmbiguousWorkload = "AmbiguousWorkload";

    /// <summary>The workload's selector is empty and would select all Pods of the namespace.</summary>
    public const string EmptySelector = "EmptySelector";

    /// <summary>The client's namespace lacks the label with its own name, so that no rule could match the client.</summary>
    public const string NamespaceLabelMissing = "NamespaceLabelMissing";

    /// <summary>The connection is enforced, but not its HTTP paths.</summary>
    public const string HttpPathsNotEnforced = "HttpPathsNotEnforced";

    /// <summary>This version does not enforce targets of that type.</summary>
    public const string NotSupportedYet = "NotSupportedYet";

    /// <summary>The Service has no selector, so there are no Pods to select.</summary>
    public const string ServiceWithoutSelector = "ServiceWithoutSelector";

    /// <summary>The Service is an alias of a name elsewhere.</summary>
    public const string ExternalNameService = "ExternalNameService";

    /// <summary>A value is invalid in a way that the schema cannot express. The message names the field.</summary>
    public const string InvalidSpec = "InvalidSpec";

    /// <summary>An object that is not ours has the name that our policy would have.</summary>
    public const string PolicyNameTaken = "PolicyNameTaken";

    /// <summary>The API server refused a write, or could not be reached.</summary>
    public const string WriteFailed = "WriteFailed";

    /// <summary>Another writer keeps changing a policy that the operator restores.</summary>
    public const string WriteConflict = "WriteConflict";

    /// <summary>A policy that was changed or deleted by someone else was restored. Used only in Events.</summary>
    public const string DriftRepaired = "DriftRepaired";

    /// <summary>A Service without a selector has no endpoints.</summary>
    public const string NoEndpoints = "NoEndpoints";

    /// <summary>Egress is not restricted in the client's namespace, so the target is reachable like everything else.</summary>
    public const string EgressNotRestricted = "EgressNotRestricted";

    /// <summary>Ranges include every address of a family, those of the cluster too.</summary>
    public const string AllAddressesAllowed = "AllAddressesAllowed";

    /// <summary>A domain has not been answered, or has no address. Its last known addresses stay open.</summary>
    public const string DomainNotResolved = "DomainNotResolved";

    /// <summary>
    /// A domain's answer has addresses that an answer does not open, such as loopback or those of the cluster's own Pods.
    /// </summary>
    public const string UnsafeAddress = "UnsafeAddress";

    /// <summary>A domain has more addresses than are allowed, or a client's targets have all together.</summary>
    public const string TooManyAddresses = "TooManyAddresses";

    /// <summary>A domain that begins with * cannot be looked up.</summary>
    public const string WildcardDomain = "WildcardDomain";

    /// <summary>The selector of a workload matches pods of another workload as well.</summary>
    public const string SelectorOverlap = "SelectorOverlap";

    /// <summary>An EnforcementPolicy is in force.</summary>
    public const string Governing = "Governing";

    /// <summary>An EnforcementPolicy selects no namespace that exists.</summary>
    public const string NoNamespaceSelected = "NoNamespaceSelected";

    /// <summary>Another EnforcementPolicy governs namespaces that this one selects.</summary>
    public const string Outranked = "Outranked";

    /// <summary>A KafkaServerConfig is well formed; this version sets no access rules in Kafka.</summary>
    public const string Accepted = "Accepted";

    /// <summary>spec.clusters names a Cluster that does not exist.</summary>
    public const string ClusterNotFound = "ClusterNotFound";

    /// <summary>spec.clusters selects no existing Cluster.</summary>
    public const string NoClusterSelected = "NoClusterSelected";

    /// <summary>The policy belongs to another installation of Wayleave, which enforces in the same cluster.</summary>
    public const string OwnedByAnother = "OwnedByAnother";

    /// <summary>The Cluster is connected.</summary>
    public const string Connected = "Connected";

    /// <summary>The Cluster is connected, and its caches are syncing.</summary>
    public const string Connecting = "Connecting";

    /// <summary>A Cluster does not answer, or not as the kubeconfig says it should.</summary>
    public const string Unreachable = "Unreachable";

    /// <summary>The Cluster rejects the credentials.</summary>
    public const string Unauthorized = "Unauthorized";

    /// <summary>The credentials lack a permission in the Cluster.</summary>
    public const string Forbidden = "Forbidden";

    /// <summary>The Secret or its key does not exist, or it is in another namespace.</summary>
    public const string SecretNotFound = "SecretNotFound";

    /// <summary>The kubeconfig cannot be used; the message names the field.</summary>
    public const string InvalidKubeconfig = "InvalidKubeconfig";

    /// <summary>spec.paused is set: nothing is changed in the Cluster.</summary>
    public const string Paused = "Paused";

    /// <summary>The kubeconfig leads to the operator's own cluster, or to one that is registered already.</summary>
    public const string SameCluster = "SameCluster";

    /// <summary>The Cluster is too old, or serves no network policies.</summary>
    public const string NotServed = "NotServed";

    /// <summary>A member cluster has more objects, or answers with more bytes, than the operator reads.</summary>
    public const string TooLarge = "TooLarge";

    /// <summary>A Cluster is being deleted, and its policies are being removed.</summary>
    public const string CleaningUp = "CleaningUp";
}
