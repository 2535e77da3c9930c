using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Allows a client to reach addresses outside the cluster: declared ranges and resolved domains.</summary>
internal static class InternetDestinationPlanner
{
    /// <summary>How many addresses of one domain are opened.</summary>
    public const int MaxAddresses = 100;

    /// <summary>How many addresses of all names below one domain are opened.</summary>
    public const int MaxAddressesOfWildcard = 1000;

    /// <summary>The maximum number of ranges of a policy, so that it stays below the size limit of etcd.</summary>
    public const int MaxRanges = 5000;

    /// <summary>The most severe problem, or a warning with the state Enforced. Null if there is none.</summary>
    public static TargetResult? Allow(Destination.ToInternet target, string field, EgressRuleBuilder draft)
    {
        if (Ports(target, draft, out var unsupported) is not { } ports)
        {
            return PortText.ValidateRange(unsupported, $"{field}.ports");
        }

        var opened = new List<IPAddress>();
        var observed = new List<IPAddress>();
        var problems = target.Answers.Select((answer, index) => Allow(answer, index)).OfType<TargetResult>().ToList();
        List<AddressBlock> blocks = [.. target.Reference.Blocks, .. opened.Select(Single)];
        if (draft.Addresses.BlockCount + draft.Addresses.CountNew(blocks, ports) > MaxRanges)
        {
            return TargetResult.Failed(
                Reasons.TooManyAddresses,
                $"{field}: the client's targets have more than {MaxRanges} addresses together; "
                    + "name ranges instead");
        }

        draft.Addresses.Allow(blocks, ports);
        Keep(target, ports, draft);
        var result = PortText.ValidateRange(unsupported, $"{field}.ports")
            ?? problems.Find(problem => problem.State == TargetStates.Failed)
            ?? problems.Find(problem => problem is { State: TargetStates.Pending, Reason: not Reasons.NoAnswerSeen })
            ?? problems.Find(problem => problem.State == TargetStates.Pending)
            ?? problems.FirstOrDefault()
            ?? GetOwnWarning(target);
        return opened.Count == 0
            ? result
            : (result ?? TargetResult.Enforced) with { Addresses = Shown(opened), ObservedAddresses = Shown(observed) };

        TargetResult? Allow(DomainAnswer answer, int index)
        {
            var (result, safe) =
                DomainAddressFilter.Decide(answer, target.Reference, field, target.Reference.DomainPlaces[index], draft.ClusterRanges);
            List<IPAddress> allowed = [.. safe.Take(LimitOf(answer))];
            opened.AddRange(allowed);
            observed.AddRange(allowed.Intersect(answer.Observed));
            return result;
        }
    }

    /// <summary>
    /// A warning if the target allows every address only together with other targets. Null if not. Call it after all targets were added.
    /// </summary>
    public static TargetResult? GetCombinedWarning(Destination.ToInternet target, string field, EgressRuleBuilder draft) =>
        Ports(target, draft, out _) is { } ports && draft.Addresses.CompletesAllAddresses(target.Reference.Blocks, ports)
            ? CreateAllAddressesResult($"{field}.ips", "together with the client's other targets, this allows every address")
            : null;

    private static IReadOnlyList<PolicyPort>? Ports(
        Destination.ToInternet target, EgressRuleBuilder draft, out DeclaredPort? unsupported) =>
        PortResolver.Resolve(target.Reference.Ports, [], draft.SupportsPortRanges, out unsupported);

    // The status does not list all addresses that an earlier process resolved. Until the domains are resolved, take them from the policy.
    private static void Keep(Destination.ToInternet target, IReadOnlyList<PolicyPort> ports, EgressRuleBuilder draft)
    {
        if (target.Answers.All(answer => answer.IsComplete))
        {
            return;
        }

        var kept = draft.FindExistingAddresses(ports).Where(block => IsSafe(IPNetwork.Parse(block.Cidr).BaseAddress)).ToList();
        if (draft.Addresses.BlockCount + draft.Addresses.CountNew(kept, ports) <= MaxRanges)
        {
            draft.Addresses.Allow(kept, ports);
        }

        bool IsSafe(IPAddress address) => DomainAddressFilter.GetBlockReason(address, target.Reference, draft.ClusterRanges) is null;
    }

    private static TargetResult? GetOwnWarning(Destination.ToInternet target) =>
        target.Reference.EveryAddressField is { } everything ? CreateAllAddressesResult(everything, "this allows every address") : null;

    private static TargetResult CreateAllAddressesResult(string field, string what) => new(
        TargetStates.Enforced,
        Reasons.AllAddressesAllowed,
        $"{field}: {what} of an IP family, including those of the cluster; list specific ranges, or exclude some with except");

    /// <summary>How many addresses an answer opens.</summary>
    internal static int LimitOf(DomainAnswer answer) =>
        DomainPattern.IsWildcard(answer.Domain) ? MaxAddressesOfWildcard : MaxAddresses;

    private static AddressBlock Single(IPAddress address) => new(AddressRange.FromAddress(address));

    private static List<string> Shown(List<IPAddress> addresses) => addresses
        .Select(address => address.ToString())
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .Take(SeenDomain.MaxListed)
        .ToList();
}

/// <summary>Which addresses of a domain may be opened.</summary>
internal static class DomainAddressFilter
{
    /// <summary>Why some addresses are blocked (null if none is), and the allowed ones.</summary>
    public static (TargetResult? Result, IReadOnlyList<IPAddress> Safe) Decide(
        DomainAnswer answer, InternetReference reference, string field, int place, IReadOnlyList<IPNetwork> clusterRanges)
    {
        var subject = $"{field}.domains[{place}]: {TextSanitizer.Quote(answer.Domain)}";
        if (DomainPattern.IsWildcard(answer.Domain) && answer.Seen is null)
        {
            return (TargetResult.NotSupported(Reasons.WildcardDomain, $"{subject} cannot be looked up; name each domain, or give ips"), []);
        }

        var safe = answer.Addresses.Where(address => GetBlockReason(address, reference, clusterRanges) is null).ToList();
        var result = Unsafe(answer, reference, subject, clusterRanges)
            ?? NotResolved(answer, subject)
            ?? TooMany(safe.Count, InternetDestinationPlanner.LimitOf(answer), subject)
            ?? Forgotten(answer, subject);
        return (result, safe);
    }

    /// <summary>Why the answer for a domain does not open an address, and how to allow it; null when it does.</summary>
    public static (string Why, string Fix)? GetBlockReason(
        IPAddress address, InternetReference reference, IReadOnlyList<IPNetwork> clusterRanges)
    {
        if (reference.Except.FirstOrDefault(except => IPNetwork.Parse(except).Contains(address)) is { } excluded)
        {
            return ($"excluded by except {excluded}", "change except");
        }

        if (reference.Blocks.Any(block => block.Contains(address)))
        {
            return null;
        }

        return AddressFilter.GetBlockReason(address) is { } kind ? (kind, "add it to ips")
            : AddressFilter.FindClusterRange(address, clusterRanges) is { } range
                ? ($"in the cluster's own range {range}", "declare its workload or Service, or add it to ips")
            : null;
    }

    private static TargetResult? Unsafe(
        DomainAnswer answer, InternetReference reference, string subject, IReadOnlyList<IPNetwork> clusterRanges)
    {
        foreach (var address in answer.Addresses)
        {
            if (GetBlockReason(address, reference, clusterRanges) is var (why, fix))
            {
                return TargetResult.Failed(
                    Reasons.UnsafeAddress, $"{subject} resolves to {address}, {why}, which is not allowed; {fix} to allow it");
            }
        }

        return null;
    }

    private static TargetResult? NotResolved(DomainAnswer answer, string subject)
    {
        // An answer to the client's Pods counts as well as one to the operator.
        if (answer is { IsAnswered: true, IsKnown: true, Addresses.Count: > 0 }
            or { Seen: not SeenState.Unread, Observed.Count: > 0 })
        {
            return null;
        }

        var isWildcard = DomainPattern.IsWildcard(answer.Domain);
        if (isWildcard && answer.Seen != SeenState.Unread)
        {
            return TargetResult.Pending(
                Reasons.NoAnswerSeen,
                $"{subject}: the network mapper has not seen DNS answer a matching name to a Pod of the client; nothing is allowed yet");
        }

        var why = isWildcard ? DomainFailures.MapNotRead
            : answer.Failure ?? (answer.IsKnown ? DomainFailures.NotFound : DomainFailures.NoAnswerYet);
        var kept = answer.Addresses.Count == 0 ? "" : "; the last known addresses stay allowed";
        return TargetResult.Pending(Reasons.DomainNotResolved, $"{subject}: {why}{kept}");
    }

    private static TargetResult? TooMany(int count, int limit, string subject) => count <= limit
        ? null
        : TargetResult.Failed(
            Reasons.TooManyAddresses,
            $"{subject} has more than {limit} addresses, "
                + "of which the first are allowed; give its ranges in ips");

    private static TargetResult? Forgotten(DomainAnswer answer, string subject) => answer.HasForgotten
        ? new TargetResult(
            TargetStates.Enforced, Reasons.LastKnownAddresses,
            $"{subject}: the network mapper no longer has all answers to the client; the last known addresses stay allowed")
        : null;
}
