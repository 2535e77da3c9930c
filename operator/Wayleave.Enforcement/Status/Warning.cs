namespace Wayleave.Enforcement.Status;

/// <summary>A condition beside Ready that is <c>True</c> and keeps nothing from being ready.</summary>
/// <param name="Type">One of <see cref="Api.ConditionTypes"/>.</param>
/// <param name="Reason">One of <see cref="Api.Reasons"/>.</param>
public readonly record struct Warning(string Type, string Reason, string Message);
