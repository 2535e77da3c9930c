namespace Wayleave.Api;

/// <summary>The condition types of all kinds, as kstatus defines them. The seealso elements say on which kinds each appears.</summary>
public static class ConditionTypes
{
    /// <summary><c>True</c> if nothing is pending or failed. Present after the first reconcile.</summary>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="EnforcementPolicy"/>
    /// <seealso cref="Cluster"/>
    /// <seealso cref="KafkaServerConfig"/>
    public const string Ready = "Ready";

    /// <summary>Present and <c>True</c> while waiting for something that may change without the user, such as a missing workload.</summary>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="Cluster"/>
    public const string Reconciling = "Reconciling";

    /// <summary>Present and <c>True</c> while the user has to change something. Excludes <see cref="Reconciling"/>.</summary>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    /// <seealso cref="EnforcementPolicy"/>
    /// <seealso cref="Cluster"/>
    /// <seealso cref="KafkaServerConfig"/>
    public const string Stalled = "Stalled";

    /// <summary>
    /// Present, and <c>True</c>, while a Cluster is paused on purpose. Excludes <see cref="Reconciling"/> and <see cref="Stalled"/>.
    /// </summary>
    /// <seealso cref="Cluster"/>
    public const string Paused = "Paused";

    /// <summary>
    /// Present, and <c>True</c>, while a second installation of Wayleave in the same cluster leaves the policies of the object alone,
    /// because another installation owns them. The other installation writes the rest of the status.
    /// </summary>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string OwnedByAnother = "OwnedByAnother";

    /// <summary>
    /// Present, and <c>True</c>, while a selector matches pods of another workload too. The declaration is enforced anyway.
    /// </summary>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string SelectorOverlap = "SelectorOverlap";

    /// <summary>Present, and <c>True</c>, while a Job or CronJob is identified by labels that change with every version or run.</summary>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string UnstableLabels = "UnstableLabels";

    /// <summary>
    /// Present, and <c>False</c>, while traffic from outside the cluster that an exposure needs cannot be allowed correctly.
    /// </summary>
    /// <seealso cref="ClientIntents"/>
    /// <seealso cref="ProtectedService"/>
    public const string ExternalTraffic = "ExternalTraffic";

    /// <summary>Present, and <c>True</c>, while another EnforcementPolicy applies to namespaces that this one selects.</summary>
    /// <seealso cref="EnforcementPolicy"/>
    public const string Overridden = "Overridden";

    /// <summary>
    /// <c>True</c> if the network mapper has seen calls of the client that no ClientIntents declares. Absent if it has not seen the client,
    /// or if there is no network mapper. It changes nothing that is enforced.
    /// </summary>
    /// <seealso cref="ClientIntents"/>
    public const string UndeclaredCalls = "UndeclaredCalls";

    /// <summary>
    /// Whether mode <c>Enforce</c> would cut calls that the network mapper has seen. Only in mode <c>Shadow</c>, and only with the network
    /// mapper.
    /// </summary>
    /// <seealso cref="EnforcementPolicy"/>
    public const string ReadyToEnforce = "ReadyToEnforce";
}
