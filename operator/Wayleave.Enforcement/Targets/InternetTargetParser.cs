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

    public static DeclaredTarget Parse(InternetTarget target, int index)
    {
        var shown = new DeclaredTarget(index, Name(target), TargetTypes.Internet);
        var field = shown.Field;
        IReadOnlyList<DeclaredPort> ports = [];
        var refusal = Nothing(target, field)
            ?? FirstInvalid(target.Ips ?? [], $"{field}.ips", ValidateRange)
            ?? FirstInvalid(target.Except ?? [], $"{field}.except", ValidateRange)
            ?? Except(target.Ips ?? [], target.Except ?? [], field)
            ?? FirstInvalid(target.Domains ?? [], $"{field}.domains", ValidateDomain)
            ?? DeclaredPort.Validate($"{field}.ports", target.Ports, allowsNames: false, out ports);
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
    private static AddressBlock Block(string range, List<string> except) => new(range, except
        .Where(left => AddressRange.Includes(IPNetwork.Parse(range), IPNetwork.Parse(left)))
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal)
        .ToArray());

    private static string? EveryAddressField(List<AddressBlock> blocks, string field)
    {
        var one = blocks.FindIndex(block => AddressCoverage.IncludesAFamily([block]));
        return one >= 0 ? $"{field}.ips[{one}]"
            : AddressCoverage.IncludesAFamily(blocks) ? $"{field}.ips"
            : null;
    }

    private static TargetResult? Nothing(InternetTarget target, string field) =>
        target is { Ips: null or { Count: 0 }, Domains: null or { Count: 0 } }
            ? TargetResult.Invalid(field, "is empty; set ips, domains or both")
            : null;

    private static TargetResult? FirstInvalid(List<string> entries, string field, Func<string?, string?> validate)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            if (validate(entries[i]) is { } problem)
            {
                return TargetResult.Invalid($"{field}[{i}]", problem);
            }
        }

        return null;
    }

    private static string? ValidateRange(string? range) => AddressRange.Validate(range) is not { } problem ? null
        : range is null ? problem
        : $"{TextSanitizer.Quote(range)} {problem}";

    private static TargetResult? Except(List<string> ips, List<string> except, string field)
    {
        var ranges = ips.ConvertAll(ip => IPNetwork.Parse(AddressRange.Normalize(ip)));
        for (var i = 0; i < except.Count; i++)
        {
            var left = IPNetwork.Parse(AddressRange.Normalize(except[i]));
            var emptied = ranges.FindIndex(range => AddressRange.Includes(left, range));
            if (emptied >= 0)
            {
                return TargetResult.Invalid(
                    $"{field}.except[{i}]",
                    $"\"{except[i]}\" leaves nothing of ips[{emptied}] \"{ips[emptied]}\"; remove one of the two");
            }

            if (!ranges.Exists(range => AddressRange.Includes(range, left)))
            {
                return TargetResult.Invalid(
                    $"{field}.except[{i}]", $"\"{except[i]}\" is not inside any range of ips; remove it, or add its range to ips");
            }
        }

        return null;
    }

    private static string? ValidateDomain(string? name)
    {
        var plain = name?.StartsWith(Any, StringComparison.Ordinal) == true ? name[Any.Length..] : name;
        var problem = !DnsNameValidator.IsSubdomain(plain) ? "is not a DNS name; correct it"
            : IPAddress.TryParse(plain, out _) ? "is an address; move it to ips"
            : plain!.Split('.').All(label => DnsNameValidator.IsLabel(label)) ? null
            : "has a label of more than 63 characters, which DNS does not allow; correct it";
        return problem is null ? null : $"{TextSanitizer.Quote(name)} {problem}";
    }

    private static string Name(InternetTarget target)
    {
        var addresses = (target.Domains ?? []).Concat(target.Ips ?? []).ToList();
        var name = addresses.Count == 0 ? "" : TargetParser.SanitizeName(addresses[0]);
        return addresses.Count < 2 ? name : $"{name} and {addresses.Count - 1} more";
    }
}
