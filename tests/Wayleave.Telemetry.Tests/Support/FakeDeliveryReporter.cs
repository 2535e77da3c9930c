using Wayleave.Telemetry.Export;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>Records every report.</summary>
internal sealed class FakeDeliveryReporter : IDeliveryReporter
{
    public List<(string Reason, DateTimeOffset Since)> Reports { get; } = [];

    public List<(int Records, string? Failure)> Attempts { get; } = [];

    public void ReportAttempt(int records, string? failure) => Attempts.Add((records, failure));

    public void Report(string reason, DateTimeOffset since) => Reports.Add((reason, since));
}
