using System.Globalization;
using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Opens a client's way to addresses outside the cluster: those it declares, and those that its domains have.</summary>
internal static class InternetDestination
{
    /// <summary>How many addresses of one domain are opened.</summary>
    public const int MaxAddresses = 100;

    /// <summary>How many ranges a policy may have: an object of more would come near what etcd takes.</summary>
    public const int MaxRanges = 5000;

    private const int MaxShown = 20;

    /// <summary>What is in the way of some of it, the worst first, or a remark with the state Enforced; null when there is nothing to say.</summary>
    public static Verdict? Open(Destination.ToInternet target, string field, EgressDraft draft)
    {
        var ports = PortResolver.Resolve(target.Reference.Ports, [], draft.SupportsPortRanges, out var unsupported);
        var opened = new List<IPAddress>();
        var problems = target.Answers.Select((answer, index) => Open(answer, DomainField(field, index), opened)).OfType<Verdict>().ToList();
        List<string> ranges = [.. target.Reference.Ranges, .. opened.Select(AddressRange.Of)];
        if (draft.Destinations.RangeCount + ranges.Count > MaxRanges)
        {
            return Verdict.Failed(
                Reasons.TooManyAddresses,
                string.Create(CultureInfo.InvariantCulture, $"{field}: the client's targets have more than {MaxRanges} addresses together (name ranges)"));
        }

        if (ports is not null)
        {
            draft.Destinations.Allow(ranges, ports);
        }

        var verdict = PortText.Unsupported(unsupported, $"{field}.ports")
            ?? problems.Find(problem => problem.State == TargetStates.Failed)
            ?? problems.Find(problem => problem.State == TargetStates.Pending)
            ?? problems.FirstOrDefault()
            ?? Remark(target);
        return opened.Count == 0 ? verdict : (verdict ?? Verdict.Enforced) with { Addresses = Shown(opened) };
    }

    private static Verdict? Remark(Destination.ToInternet target) => target.Reference.EveryAddressField is { } everything
        ? new Verdict(
            TargetStates.Enforced,
            Reasons.AllAddressesAllowed,
            $"{everything}: this takes in every address, those of the cluster too (name the ranges that are meant)")
        : null;

    private static Verdict? Open(DomainAnswer answer, string field, List<IPAddress> opened)
    {
        var domain = QuotedText.Quote(answer.Domain);
        if (answer.Domain.StartsWith('*'))
        {
            return Verdict.NotSupported(Reasons.WildcardDomain, $"{field}: {domain} cannot be looked up (name each domain, or give ips)");
        }

        if (answer.Addresses.Count == 0)
        {
            var why = answer.Failure ?? DomainFailures.NotFound;
            return Verdict.Pending(Reasons.DomainNotResolved, $"{field}: {domain}: {why}");
        }

        var safe = answer.Addresses.Where(address => AddressSafety.RefusalOf(address) is null).ToList();
        opened.AddRange(safe.Take(MaxAddresses));
        if (safe.Count < answer.Addresses.Count)
        {
            var refused = answer.Addresses.First(address => AddressSafety.RefusalOf(address) is not null);
            return Verdict.Failed(
                Reasons.UnsafeAddress,
                $"{field}: {domain} leads to {refused}, which is {AddressSafety.RefusalOf(refused)} and stays closed (give it in ips if it is meant)");
        }

        return safe.Count <= MaxAddresses
            ? null
            : Verdict.Failed(
                Reasons.TooManyAddresses,
                string.Create(CultureInfo.InvariantCulture, $"{field}: {domain} has more than {MaxAddresses} addresses; the first are allowed (give the ranges in ips)"));
    }

    private static string DomainField(string field, int index) => string.Create(CultureInfo.InvariantCulture, $"{field}.domains[{index}]");

    private static List<string> Shown(List<IPAddress> addresses) => addresses
        .Select(address => address.ToString())
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .Take(MaxShown)
        .ToList();
}
