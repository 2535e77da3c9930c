namespace Wayleave.Api;

/// <summary>Labels and annotations of objects that the operator owns, and of its Events.</summary>
public static class WayleaveLabels
{
    /// <summary>The label that says who manages an object.</summary>
    public const string ManagedBy = "app.kubernetes.io/managed-by";

    /// <summary>The value of <see cref="ManagedBy"/> on our objects.</summary>
    public const string ManagedByValue = "wayleave";

    /// <summary>The label with the direction of a policy: <see cref="Ingress"/> or <see cref="Egress"/>.</summary>
    public const string Direction = Group.Name + "/direction";

    /// <summary>The value of <see cref="Direction"/> on an ingress policy of a server.</summary>
    public const string Ingress = "ingress";

    /// <summary>The value of <see cref="Direction"/> on an egress policy of a client.</summary>
    public const string Egress = "egress";

    /// <summary>The annotation with the workload of a policy: <c>kind/namespace/name</c>. Too long for a label.</summary>
    public const string Workload = Group.Name + "/workload";

    /// <summary>
    /// The annotation of a policy with the mark of the installation that owns it: a digest of the UID of the cluster that the operator runs
    /// in and of its namespace.
    /// </summary>
    public const string Installation = Group.Name + "/installation";

    /// <summary>The annotation that deletes a Cluster without removing its policies, whatever spec.onDelete is.</summary>
    public const string Orphan = Group.Name + "/orphan";

    /// <summary>The finalizer that removes the policies of a Cluster before it is deleted.</summary>
    public const string Cleanup = Group.Name + "/cleanup";

    /// <summary>The annotation of an Event with the trace ID of the reconcile that recorded it, or that observed a series last.</summary>
    public const string TraceId = Group.Name + "/trace-id";

    /// <summary>The field manager of server-side apply.</summary>
    public const string FieldManager = "wayleave";

    /// <summary>The label with a namespace's own name, the only way to select one by name. API servers set it since 1.21.</summary>
    public const string NamespaceName = "kubernetes.io/metadata.name";
}
