using Wayleave.Enforcement;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Observed;
using Wayleave.Enforcement.Status;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Observing;

/// <summary>Gathers from the caches which seen calls an EnforcementPolicy in mode Shadow would cut if it were enforced.</summary>
internal sealed class EnforcementReadinessReader(ObservedCallReader observed, ClusterCache cluster, NamespaceSettingsCache governance)
{
    /// <summary>How long a condition that depends on the time alone stays as it is.</summary>
    public static readonly TimeSpan RecheckInterval = TimeSpan.FromDays(1);

    /// <summary>The condition ReadyToEnforce. Null in other modes, and if the map is not read.</summary>
    public Warning? Read(ParsedEnforcementPolicy? policy, DateTimeOffset now) =>
        observed.IsEnabled && policy?.Settings.Mode == EnforcementMode.Shadow
            ? EnforcementReadiness.Decide(Gather(policy), now)
            : null;

    private ReadinessEvidence Gather(ParsedEnforcementPolicy policy)
    {
        var scope = new PolicyScope(policy, governance);
        var cuts = new CutCallFinder(observed, cluster, scope);
        DateTimeOffset? since = null;
        var cut = new List<string>();
        foreach (var seen in observed.All)
        {
            List<ParsedCall> calls = [.. UndeclaredCallFinder.Parse(seen)];
            if (!scope.Includes(seen.Metadata.NamespaceProperty ?? "")
                && !calls.Exists(call => call.Target.Reference is { } server && scope.Includes(server.Server.Namespace)))
            {
                continue;
            }

            var from = new DateTimeOffset(DateTime.SpecifyKind(seen.Since, DateTimeKind.Utc));
            since = since < from ? since : from;
            cut.AddRange(cuts.Find(seen, calls));
        }

        return new ReadinessEvidence(since, cut);
    }
}

/// <summary>The namespaces that a policy applies to. For one evaluation; not thread-safe.</summary>
internal sealed class PolicyScope(ParsedEnforcementPolicy policy, NamespaceSettingsCache governance)
{
    private readonly Dictionary<string, bool> _known = new(StringComparer.Ordinal);

    public NamespaceSettings Settings => policy.Settings;

    public bool Includes(string @namespace)
    {
        if (!_known.TryGetValue(@namespace, out var isIncluded))
        {
            _known[@namespace] = isIncluded = governance.GetSettings(@namespace).Policy == policy.Name;
        }

        return isIncluded;
    }
}
