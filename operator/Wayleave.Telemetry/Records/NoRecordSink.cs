namespace Wayleave.Telemetry.Records;

/// <summary>Shows nothing: the default.</summary>
internal sealed class NoRecordSink : ITelemetryRecordSink
{
    public void Show(UsageRecord record)
    {
        // Showing records locally was not asked for.
    }
}
