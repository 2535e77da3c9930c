using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Allows a client to reach addresses outside the cluster: declared ranges and resolved domains.</summary>
internal sealed class InternetDestinationPlanner(Destination.ToInternet target, string field, EgressRuleBuilder draft)
{
    // How many addresses of one domain, and of all names below one domain, are opened.
    private const int MaxAddresses = 100;
    private const int MaxAddressesOfWildcard = 1000;

    // The maximum number of ranges of a policy, so that it stays below the size limit of etcd.
    private const int MaxRanges = 5000;

    private readonly InternetReference _reference = target.Reference;
    private readonly List<IPAddress> _opened = [];
    private readonly List<IPAddress> _observed = [];

    /// <summary>The most severe problem, or a warning with the state Enforced. Null if there is none.</summary>
    public TargetResult? Allow()
    {
        if (Ports(out var unsupported) is not { } ports)
        {
            return PortText.ValidateRange(unsupported, $"{field}.ports");
        }

        var problems = target.Answers.Select((answer, index) => Allow(answer, index)).OfType<TargetResult>().ToList();
        List<AddressBlock> blocks =
            [.. _reference.Blocks, .. _opened.Select(address => new AddressBlock(AddressRange.FromAddress(address)))];
        if (draft.Addresses.BlockCount + draft.Addresses.CountNew(blocks, ports) > MaxRanges)
        {
            return TargetResult.Failed(
                Reasons.TooManyAddresses,
                $"{field}: the client's targets have more than {MaxRanges} addresses together; name ranges instead");
        }

        draft.Addresses.Allow(blocks, ports);
        Keep(ports);
        var result = PortText.ValidateRange(unsupported, $"{field}.ports")
            ?? problems.Find(problem => problem.State == TargetStateNames.Failed)
            ?? problems.Find(problem => problem is { State: TargetStateNames.Pending, Reason: not Reasons.NoAnswerSeen })
            ?? problems.Find(problem => problem.State == TargetStateNames.Pending)
            ?? problems.FirstOrDefault()
            ?? GetOwnWarning();
        return _opened.Count == 0
            ? result
            : (result ?? TargetResult.Enforced) with { Addresses = Shown(_opened), ObservedAddresses = Shown(_observed) };
    }

    private TargetResult? Allow(DomainAnswer answer, int index)
    {
        var subject = $"{field}.domains[{_reference.DomainPlaces[index]}]: {TextSanitizer.Quote(answer.Domain)}";
        if (DomainPattern.IsWildcard(answer.Domain) && answer.Seen is null)
        {
            return TargetResult.NotSupported(Reasons.WildcardDomain, $"{subject} cannot be looked up; name each domain, or give ips");
        }

        var safe = answer.Addresses.Where(address => GetBlockReason(address) is null).ToList();
        var limit = DomainPattern.IsWildcard(answer.Domain) ? MaxAddressesOfWildcard : MaxAddresses;
        List<IPAddress> allowed = [.. safe.Take(limit)];
        _opened.AddRange(allowed);
        _observed.AddRange(allowed.Intersect(answer.Observed));
        return Unsafe(answer, subject)
            ?? NotResolved(answer, subject)
            ?? TooMany(safe.Count, limit, subject)
            ?? Forgotten(answer, subject);
    }

    /// <summary>
    /// A warning if the target allows every address only together with other targets. Null if not. Call it after all targets were added.
    /// </summary>
    public TargetResult? GetCombinedWarning() =>
        Ports(out _) is { } ports && draft.Addresses.CompletesAllAddresses(_reference.Blocks, ports)
            ? CreateAllAddressesResult($"{field}.ips", "together with the client's other targets, this allows every address")
            : null;

    private IReadOnlyList<PolicyPort>? Ports(out DeclaredPort? unsupported) =>
        PortResolver.Resolve(_reference.Ports, [], draft.SupportsPortRanges, out unsupported);

    // The status does not list all addresses that an earlier process resolved. Until the domains are resolved, take them from the policy.
    private void Keep(IReadOnlyList<PolicyPort> ports)
    {
        if (target.Answers.All(answer => answer.IsComplete))
        {
            return;
        }

        var kept = draft.FindExistingAddresses(ports)
            .Where(block => GetBlockReason(IPNetwork.Parse(block.Cidr).BaseAddress) is null)
            .ToList();
        if (draft.Addresses.BlockCount + draft.Addresses.CountNew(kept, ports) <= MaxRanges)
        {
            draft.Addresses.Allow(kept, ports);
        }
    }

    private TargetResult? GetOwnWarning() =>
        _reference.EveryAddressField is { } everything ? CreateAllAddressesResult(everything, "this allows every address") : null;

    private static TargetResult CreateAllAddressesResult(string field, string what) => new(
        TargetStateNames.Enforced,
        Reasons.AllAddressesAllowed,
        $"{field}: {what} of an IP family, including those of the cluster; list specific ranges, or exclude some with except");

    private static List<string> Shown(List<IPAddress> addresses) => addresses
        .Select(address => address.ToString())
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .Take(SeenDomain.MaxListed)
        .ToList();

    // Why the answer for a domain does not open an address, and how to allow it; null when it does.
    private (string Why, string Fix)? GetBlockReason(IPAddress address)
    {
        if (_reference.Except.FirstOrDefault(except => IPNetwork.Parse(except).Contains(address)) is { } excluded)
        {
            return ($"excluded by except {excluded}", "change except");
        }

        if (_reference.Blocks.Any(block => block.Contains(address)))
        {
            return null;
        }

        return AddressFilter.GetBlockReason(address) is { } kind ? (kind, "add it to ips")
            : AddressFilter.FindClusterRange(address, draft.ClusterRanges) is { } range
                ? ($"in the cluster's own range {range}", "declare its workload or Service, or add it to ips")
            : null;
    }

    private TargetResult? Unsafe(DomainAnswer answer, string subject)
    {
        foreach (var address in answer.Addresses)
        {
            if (GetBlockReason(address) is var (why, fix))
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
            Reasons.TooManyAddresses, $"{subject} has more than {limit} addresses, of which the first are allowed; give its ranges in ips");

    private static TargetResult? Forgotten(DomainAnswer answer, string subject) => answer.HasForgotten
        ? new TargetResult(
            TargetStateNames.Enforced, Reasons.LastKnownAddresses,
            $"{subject}: the network mapper no longer has all answers to the client; the last known addresses stay allowed")
        : null;
}
