using Wayleave.Telemetry.Export;

namespace Wayleave.Telemetry.Tests.Support;

/// <summary>Records every alarm.</summary>
internal sealed class FakeAlarm : IDeliveryReporter
{
    public List<(string Reason, DateTimeOffset Since)> Raised { get; } = [];

    public void Report(string reason, DateTimeOffset since) => Raised.Add((reason, since));
}
