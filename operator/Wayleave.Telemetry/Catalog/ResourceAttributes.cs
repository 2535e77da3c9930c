using System.Collections.Immutable;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Catalog;

/// <summary>The whole OTLP resource of a batch: no host, process, container or cluster is in it.</summary>
public static class ResourceAttributes
{
    public const string ServiceName = "wayleave-operator";

    public const string ServiceNamespace = "wayleave";

    public static ImmutableArray<KeyValuePair<string, string>> Of(SemanticVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return [new("service.name", ServiceName), new("service.namespace", ServiceNamespace), new("service.version", version.Value)];
    }
}

/// <summary>The programs of Wayleave, as the <c>component.type</c> attribute names them.</summary>
public enum ComponentType
{
    /// <summary>The operator in the cluster.</summary>
    Operator,

    /// <summary>The command line.</summary>
    Cli,

    /// <summary>The network mapper.</summary>
    Mapper,

    /// <summary>The sensor on each node.</summary>
    Sensor,
}

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
