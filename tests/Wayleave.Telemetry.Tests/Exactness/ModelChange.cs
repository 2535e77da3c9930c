namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>An entry of the cluster's log: the new state of an object, or its deletion.</summary>
internal sealed record ModelChange(long Position, ModelObject Object, bool IsGone);
