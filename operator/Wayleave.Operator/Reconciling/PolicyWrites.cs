using System.Runtime.ExceptionServices;
using Wayleave.Enforcement;
using Wayleave.Kubernetes.Controllers;

namespace Wayleave.Operator.Reconciling;

/// <summary>What came of writing the policies about one subject.</summary>
internal sealed class PolicyWrites
{
    private readonly Dictionary<string, TargetResult> _refusals = new(StringComparer.Ordinal);
    private readonly List<WrittenPolicy> _policies = [];
    private ExceptionDispatchInfo? _failure;
    private ExceptionDispatchInfo? _interruption;
    private TimeSpan? _lookAgain;

    /// <summary>The policies that are in the cluster as they should be, and in which version.</summary>
    public IReadOnlyList<WrittenPolicy> Policies => _policies;

    /// <summary>Which installations have policies about the subject.</summary>
    public PolicyOwners Owners { get; set; } = PolicyOwners.None;

    /// <summary>The API server does not answer: further writes would only wait for it as well.</summary>
    public bool IsUnreachable { get; private set; }

    /// <summary>The result on everything that depends on a policy that could not be written; null when it could.</summary>
    public TargetResult? RefusalOf(string? policyName) => policyName is null ? null : _refusals.GetValueOrDefault(policyName);

    /// <summary>The policy is as it should be.</summary>
    public void Confirm(string policyName, string? resourceVersion) => _policies.Add(new WrittenPolicy(policyName, resourceVersion ?? ""));

    /// <summary>Trying again cannot help.</summary>
    public void Refused(string policyName, TargetResult result) => _refusals[policyName] = result;

    /// <summary>The refusal does not hold any more.</summary>
    public void Allowed(string policyName) => _refusals.Remove(policyName);

    /// <summary>It is to be tried again.</summary>
    public void Failed(string policyName, TargetResult result, Exception error)
    {
        _refusals[policyName] = result;
        _failure ??= ExceptionDispatchInfo.Capture(error);
    }

    /// <summary>The same, and nothing else is to be tried before.</summary>
    public void Unreachable(string policyName, TargetResult result, Exception error)
    {
        Failed(policyName, result, error);
        IsUnreachable = true;
    }

    /// <summary>The object changed while it was looked at: everything is decided again at once, and there is nothing to report until then.</summary>
    public void Interrupted(Exception error) => _interruption ??= ExceptionDispatchInfo.Capture(error);

    /// <summary>The subject is to be looked at again after this time, if nothing else brings it back sooner.</summary>
    public void LookAgain(TimeSpan after) => _lookAgain = _lookAgain < after ? _lookAgain : after;

    /// <summary>Lets the controller try again at once where something changed meanwhile.</summary>
    public void ThrowIfInterrupted() => _interruption?.Throw();

    /// <summary>Lets the controller see the first failure, so that it tries again; else says when to look again.</summary>
    public ReconciliationResult ToResult()
    {
        _failure?.Throw();
        return _lookAgain is { } after ? ReconciliationResult.RequeueAfter(after) : ReconciliationResult.Done;
    }
}
