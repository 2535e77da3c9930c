using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Events;
using Wayleave.Operator.Clusters;
using Wayleave.Operator.Tracing;
using Wayleave.Telemetry.Counting;
using Wayleave.Telemetry.Settings;

namespace Wayleave.Operator.Tests.Meaning.Running;

/// <summary>Options of a <see cref="RunningOperator"/>.</summary>
internal sealed record RunningOptions
{
    /// <summary>The operator's own namespace. Together with the cluster it identifies the installation.</summary>
    public string Namespace { get; init; } = Names.OperatorNamespace;

    /// <summary>The client of the API server. Null for the cluster itself.</summary>
    public IKubernetesClient? Client { get; init; }

    /// <summary>The recorder of Events. Null to discard them.</summary>
    public IEventRecorder? Recorder { get; init; }

    /// <summary>A logger provider in addition to the one that keeps errors. Null for none.</summary>
    public ILoggerProvider? Logs { get; init; }

    /// <summary>The counter of usage telemetry. Null for none.</summary>
    public IUsageCounter? Counter { get; init; }

    /// <summary>Where usage is sent, with the program's own counter. Null for no telemetry.</summary>
    public TelemetrySettings? Telemetry { get; init; }

    /// <summary>Where spans are sent. Null for no tracing.</summary>
    public TracingSettings? Tracing { get; init; }

    /// <summary>Whether it publishes events. None is stored: read them from its EventStream.</summary>
    public bool Events { get; init; }

    /// <summary>Whether it reads the map of the network mapper.</summary>
    public bool ObservedIntents { get; init; }

    /// <summary>Whether it leads from the start.</summary>
    public bool Leads { get; init; } = true;

    /// <summary>Wraps the program's factory of member clusters. Null for no member clusters.</summary>
    public Func<IMemberFactory, IMemberFactory>? Members { get; init; }
}
