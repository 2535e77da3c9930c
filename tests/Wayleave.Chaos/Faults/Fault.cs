namespace Wayleave.Chaos.Faults;

/// <summary>A fault that a storm injects.</summary>
/// <param name="Name">The name in the report.</param>
/// <param name="ComesAlone">
/// Whether no edit and no other fault may coincide with it. An API server that restarts loses its history, so only the leader at the time knows
/// the changes before it.
/// </param>
/// <param name="StrikeAsync">Injects the fault. What still lasts when it returns ends with the storm.</param>
internal sealed record Fault(string Name, bool ComesAlone, Func<Task> StrikeAsync);
