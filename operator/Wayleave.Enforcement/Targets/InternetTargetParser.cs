using System.Globalization;
using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Targets;

/// <summary>Reads a target outside the cluster.</summary>
internal static class InternetTargetParser
{
    private const string Any = "*.";

    public static DeclaredTarget Parse(InternetTarget target, int index, string field)
    {
        field += ".internet";
        var shown = new DeclaredTarget(index, Name(target), TargetTypes.Internet);
        IReadOnlyList<DeclaredPort> ports = [];
        var refusal = Nothing(target, field)
            ?? Ranges(target.Ips ?? [], field, "ips")
            ?? Ranges(target.Except ?? [], field, "except")
            ?? Except(target.Ips ?? [], target.Except ?? [], field)
            ?? Domains(target.Domains ?? [], field)
            ?? TargetParser.Ports(field, target.Ports, allowsNames: false, out ports);
        return refusal is null ? shown with { Internet = Reference(target, ports, field) } : shown with { Result = refusal };
    }

    private static InternetReference Reference(InternetTarget target, IReadOnlyList<DeclaredPort> ports, string field)
    {
        var ranges = (target.Ips ?? []).ConvertAll(AddressRange.Normalize);
        var except = (target.Except ?? []).ConvertAll(AddressRange.Normalize);
        var blocks = ranges.ConvertAll(range => Block(range, except));
        var domains =
            (target.Domains ?? []).Select((name, place) => (Name: name, Place: place)).DistinctBy(domain => domain.Name).ToArray();
        return new InternetReference(ranges, Array.ConvertAll(domains, domain => domain.Name), ports)
        {
            DomainPlaces = Array.ConvertAll(domains, domain => domain.Place),
            Except = except,
            Blocks = blocks,
            EveryAddressField = EveryAddressField(blocks, field),
        };
    }

    // An API server takes only exceptions that are smaller than their range.
    private static AddressBlock Block(string range, List<string> except) => except.Count == 0
        ? new AddressBlock(range)
        : new AddressBlock(range, except
            .Where(left => AddressRange.Includes(IPNetwork.Parse(range), IPNetwork.Parse(left)))
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .ToArray());

    private static string? EveryAddressField(List<AddressBlock> blocks, string field)
    {
        var one = blocks.FindIndex(block => AddressCoverage.IncludesAFamily([block]));
        return one >= 0 ? Item(field, "ips", one)
            : AddressCoverage.IncludesAFamily(blocks) ? $"{field}.ips"
            : null;
    }

    private static TargetResult? Nothing(InternetTarget target, string field) =>
        target is { Ips: null or { Count: 0 }, Domains: null or { Count: 0 } }
            ? TargetParser.Invalid(field, "is empty; set ips, domains or both")
            : null;

    private static TargetResult? Ranges(List<string> ranges, string field, string list)
    {
        for (var i = 0; i < ranges.Count; i++)
        {
            if (AddressRange.Validate(ranges[i]) is { } problem)
            {
                return TargetParser.Invalid(
                    Item(field, list, i), ranges[i] is null ? problem : $"{TextSanitizer.Quote(ranges[i])} {problem}");
            }
        }

        return null;
    }

    private static TargetResult? Except(List<string> ips, List<string> except, string field)
    {
        var ranges = ips.ConvertAll(ip => IPNetwork.Parse(AddressRange.Normalize(ip)));
        for (var i = 0; i < except.Count; i++)
        {
            var left = IPNetwork.Parse(AddressRange.Normalize(except[i]));
            var emptied = ranges.FindIndex(range => AddressRange.Includes(left, range));
            if (emptied >= 0)
            {
                var ip = $"ips[{emptied.ToString(CultureInfo.InvariantCulture)}]";
                return TargetParser.Invalid(
                    Item(field, "except", i), $"\"{except[i]}\" leaves nothing of {ip} \"{ips[emptied]}\"; remove one of the two");
            }

            if (!ranges.Exists(range => AddressRange.Includes(range, left)))
            {
                return TargetParser.Invalid(
                    Item(field, "except", i),
                    $"\"{except[i]}\" is not inside any range of ips; remove it, or add its range to ips");
            }
        }

        return null;
    }

    private static TargetResult? Domains(List<string> domains, string field)
    {
        for (var i = 0; i < domains.Count; i++)
        {
            if (ValidateDomain(domains[i]) is { } problem)
            {
                return TargetParser.Invalid(Item(field, "domains", i), $"{TextSanitizer.Quote(domains[i])} {problem}");
            }
        }

        return null;
    }

    private static string? ValidateDomain(string? name)
    {
        var plain = name?.StartsWith(Any, StringComparison.Ordinal) == true ? name[Any.Length..] : name;
        if (!DnsNames.IsSubdomain(plain))
        {
            return "is not a DNS name; correct it";
        }

        return IPAddress.TryParse(plain, out _) ? "is an address; move it to ips"
            : plain!.Split('.').All(label => DnsNames.IsLabel(label)) ? null
            : "has a label of more than 63 characters, which DNS does not allow; correct it";
    }

    private static string Name(InternetTarget target)
    {
        var addresses = (target.Domains ?? []).Concat(target.Ips ?? []).ToList();
        var name = addresses.Count == 0 ? "" : TargetParser.SanitizeName(addresses[0]);
        return addresses.Count < 2 ? name : $"{name} and {addresses.Count - 1} more";
    }

    private static string Item(string field, string list, int index) =>
        $"{field}.{list}[{index}]";
}
