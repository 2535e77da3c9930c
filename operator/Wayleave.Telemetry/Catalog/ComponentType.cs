namespace Wayleave.Telemetry.Catalog;

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
