namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>A line of the cluster's log: what an object became, or that it went.</summary>
internal sealed record ModelChange(long Position, ModelObject Object, bool IsGone);
