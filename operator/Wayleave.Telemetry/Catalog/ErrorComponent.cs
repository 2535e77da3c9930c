namespace Wayleave.Telemetry.Catalog;

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

    /// <summary>Informers and the recorder of Events. Such an error ends the process.</summary>
    Kubernetes,

    /// <summary>Telemetry itself.</summary>
    Telemetry,
}
