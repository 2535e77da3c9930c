namespace Wayleave.Enforcement.Status;

/// <summary>All that the conditions of an object say.</summary>
internal readonly record struct Outcome(Progress Progress, string Reason, string Message);
