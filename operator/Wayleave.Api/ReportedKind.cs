using k8s;
using k8s.Models;

namespace Wayleave.Api;

/// <summary>A kind whose status the operator writes.</summary>
public interface IReportedKind<TSelf, TStatus> : IKubernetesObject<V1ObjectMeta>, IStatus<TStatus?>
    where TSelf : class, IReportedKind<TSelf, TStatus>
    where TStatus : class, IConditionedStatus
{
    /// <summary>An object with only a status, for an apply of the status. It has no spec and no metadata.</summary>
    static abstract TSelf WithStatus(TStatus status);
}

/// <summary>A kind with a spec, and with a status that the operator writes.</summary>
public abstract class ReportedKind<TSelf, TSpec, TStatus> : IReportedKind<TSelf, TStatus>, ISpec<TSpec>
    where TSelf : ReportedKind<TSelf, TSpec, TStatus>, new()
    where TSpec : class, new()
    where TStatus : class, IConditionedStatus
{
    /// <inheritdoc/>
    public string? ApiVersion { get; set; }

    /// <inheritdoc/>
    public string? Kind { get; set; }

    /// <inheritdoc/>
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>Desired state.</summary>
    public TSpec Spec { get; set; } = new();

    /// <summary>Observed state. Set by the operator.</summary>
    public TStatus? Status { get; set; }

    static TSelf IReportedKind<TSelf, TStatus>.WithStatus(TStatus status) => new() { Spec = null!, Status = status };
}

/// <summary>The common part of all statuses.</summary>
public interface IConditionedStatus
{
    /// <summary>The most recent metadata.generation observed by the operator.</summary>
    long? ObservedGeneration { get; set; }

    /// <summary>The conditions, at most one of each type.</summary>
    List<V1Condition>? Conditions { get; set; }
}

/// <summary>The status of a kind that telemetry counts by the object.</summary>
public interface ICountedStatus : IConditionedStatus
{
    /// <summary>Set when the object has been counted.</summary>
    TelemetryMark? Telemetry { get; set; }
}
