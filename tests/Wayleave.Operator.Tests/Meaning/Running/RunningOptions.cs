using Microsoft.Extensions.Logging;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Events;
using Wayleave.Operator.Clusters;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Tests.Meaning.Running;

/// <summary>What a test wants of a <see cref="RunningOperator"/> beyond the defaults.</summary>
internal sealed record RunningOptions
{
    /// <summary>The operator's own namespace, which with the cluster makes the installation.</summary>
    public string Namespace { get; init; } = Names.OperatorNamespace;

    /// <summary>Its way to the API server; null for the cluster itself.</summary>
    public IKubernetesClient? Client { get; init; }

    /// <summary>Where it records Events; null for nowhere.</summary>
    public IEventRecorder? Recorder { get; init; }

    /// <summary>Where it logs, beside what keeps its errors.</summary>
    public ILoggerProvider? Logs { get; init; }

    /// <summary>Where it counts for telemetry; null for nowhere.</summary>
    public IUsageCounter? Counter { get; init; }

    /// <summary>Whether it leads from the start.</summary>
    public bool Leads { get; init; } = true;

    /// <summary>How it reaches member clusters, given the factory that the program has; null for no member clusters.</summary>
    public Func<IMemberFactory, IMemberFactory>? Members { get; init; }
}
