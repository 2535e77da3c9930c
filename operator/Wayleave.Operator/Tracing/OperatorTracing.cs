using System.Diagnostics;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes.Tracing;
using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Tracing;

/// <summary>Starts the spans of decisions. If tracing is off, there is no source, and a call costs a few branches. Thread-safe.</summary>
internal sealed class OperatorTracing(OperatorOptions options) : IDisposable
{
    /// <summary>The name of the source, for listeners.</summary>
    public const string SourceName = "Wayleave.Operator";

    private readonly ActivitySource? _source = options.Tracing is null ? null : new ActivitySource(SourceName);

    /// <summary>
    /// Starts the span of a decision about a server, and links the reconcile to the traces of its declarations. Null if it is not recorded.
    /// </summary>
    public Activity? StartDecision(ServerInputs inputs)
    {
        TraceParentAnnotation.LinkCurrentSpan(inputs.Intents, static intent => intent.Intents);
        TraceParentAnnotation.LinkCurrentSpan(inputs.Protections, static protection => protection);
        return _source?.StartActivity("decide");
    }

    /// <summary>
    /// Starts the span of a decision about a client, and links the reconcile to the traces of its declarations. Null if it is not recorded.
    /// </summary>
    public Activity? StartDecision(IReadOnlyList<ClientIntents> declarations)
    {
        TraceParentAnnotation.LinkCurrentSpan(declarations, static intents => intents);
        return _source?.StartActivity("decide");
    }

    public void Dispose() => _source?.Dispose();
}
