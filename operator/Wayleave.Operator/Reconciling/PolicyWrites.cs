using System.Runtime.ExceptionServices;
using Wayleave.Enforcement;

namespace Wayleave.Operator.Reconciling;

/// <summary>What came of writing the policies about one server.</summary>
internal sealed class PolicyWrites
{
    private readonly Dictionary<string, Verdict> _refusals = new(StringComparer.Ordinal);
    private ExceptionDispatchInfo? _failure;

    /// <summary>The verdict on everything that depends on a policy that could not be written; null when it could.</summary>
    public Verdict? RefusalOf(string? policyName) => policyName is null ? null : _refusals.GetValueOrDefault(policyName);

    /// <summary>Trying again cannot help.</summary>
    public void Refused(string policyName, Verdict verdict) => _refusals[policyName] = verdict;

    /// <summary>The refusal does not hold any more.</summary>
    public void Allowed(string policyName) => _refusals.Remove(policyName);

    /// <summary>It is to be tried again.</summary>
    public void Failed(string policyName, Verdict verdict, Exception error)
    {
        _refusals[policyName] = verdict;
        _failure ??= ExceptionDispatchInfo.Capture(error);
    }

    /// <summary>Lets the controller see the first failure, so that it tries again.</summary>
    public void ThrowIfFailed() => _failure?.Throw();
}
