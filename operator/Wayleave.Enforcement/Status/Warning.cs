using Wayleave.Api;

namespace Wayleave.Enforcement.Status;

/// <summary>A condition beside Ready that keeps nothing from being ready.</summary>
/// <param name="Type">One of <see cref="ConditionTypes"/>.</param>
/// <param name="Reason">One of <see cref="Reasons"/>.</param>
/// <param name="Message">What is wrong, where, and how to fix it.</param>
public readonly record struct Warning(string Type, string Reason, string Message)
{
    /// <summary>The condition's status: <c>False</c> for a condition that is good when it holds.</summary>
    public string Status => Type == ConditionTypes.ExternalTraffic ? "False" : "True";
}
