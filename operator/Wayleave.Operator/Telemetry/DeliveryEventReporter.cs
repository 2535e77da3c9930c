using Wayleave.Api;
using Wayleave.Kubernetes.Events;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Recording;
using Wayleave.Telemetry.Export;

namespace Wayleave.Operator.Telemetry;

/// <summary>
/// Records an Event on the operator's Deployment, if it is known, when telemetry is not delivered; and each attempt in the event store.
/// </summary>
internal sealed class DeliveryEventReporter(IEventRecorder recorder, OperatorDeployment own, OperatorEventRecorder events)
    : IDeliveryReporter
{
    public void ReportAttempt(int records, string? failure) => events.TelemetrySent(records, failure);

    public void Report(string reason, DateTimeOffset since)
    {
        if (own.Reference is not { } regarding)
        {
            return;
        }

        var note =
            $"telemetry has not been delivered since {since:u} ({reason}); the counts are kept. See GET /telemetry on the metrics port, "
            + "or turn telemetry off with global.telemetry.enabled=false";
        recorder.Record(regarding, "Warning", Reasons.TelemetryNotDelivered, "SendTelemetry", note);
    }
}
