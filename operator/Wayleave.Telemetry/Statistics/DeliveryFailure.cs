namespace Wayleave.Telemetry.Statistics;

/// <summary>Why nothing arrives just now.</summary>
/// <param name="Reason">A word of a closed set, or a status number; nothing that a collector wrote.</param>
/// <param name="Since">The first failure of this process since the last acknowledgement.</param>
/// <param name="NextAttemptAt">When it is tried again, at a flush.</param>
public sealed record DeliveryFailure(string Reason, DateTimeOffset Since, DateTimeOffset NextAttemptAt);
