namespace Wayleave.Telemetry.Records;

/// <summary>
/// Shows records locally. With an endpoint a record is shown once, when it is made, just before it is first sent; without one, at
/// each flush, in the form in which it would be sent.
/// </summary>
public interface ITelemetryRecordSink
{
    /// <summary>Called from one thread at a time. Must not throw.</summary>
    void Show(UsageRecord record);
}
