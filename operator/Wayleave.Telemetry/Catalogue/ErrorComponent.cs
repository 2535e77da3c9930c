namespace Wayleave.Telemetry.Catalogue;

/// <summary>The part of the operator where an error was caught. A closed list: nothing in a cluster can add to it.</summary>
public enum ErrorComponent
{
    /// <summary>The reconciler of intents and protected services.</summary>
    Intents,

    /// <summary>The reconciler of enforcement policies.</summary>
    Policies,

    /// <summary>The reconciler of member clusters.</summary>
    Clusters,

    /// <summary>The computation and writing of network policies.</summary>
    Enforcement,

    /// <summary>Informers, queues, leases and the client of the Kubernetes API.</summary>
    Kubernetes,

    /// <summary>Telemetry itself.</summary>
    Telemetry,

    /// <summary>Start, stop, configuration, probes and metrics.</summary>
    Host,
}
