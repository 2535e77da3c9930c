using System.Globalization;
using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Targets;

/// <summary>Reads a target outside the cluster.</summary>
internal static class InternetReader
{
    private const string Any = "*.";

    public static DeclaredTarget Read(InternetTarget target, int index, string field)
    {
        field += ".internet";
        var shown = new DeclaredTarget(index, Name(target), TargetTypes.Internet);
        IReadOnlyList<DeclaredPort> ports = [];
        var refusal = Nothing(target, field) ?? Ips(target.Ips ?? [], field) ?? Domains(target.Domains ?? [], field)
            ?? TargetReader.Ports(field, target.Ports, allowsNames: false, out ports);
        return refusal is null ? shown with { Internet = Reference(target, ports, field) } : shown with { Verdict = refusal };
    }

    private static InternetReference Reference(InternetTarget target, IReadOnlyList<DeclaredPort> ports, string field)
    {
        var ranges = (target.Ips ?? []).ConvertAll(AddressRange.Normalize);
        var everything = ranges.FindIndex(AddressRange.IsEverything);
        return new InternetReference(ranges, (target.Domains ?? []).Distinct(StringComparer.Ordinal).ToArray(), ports)
        {
            EveryAddressField = everything < 0 ? null : Item(field, "ips", everything),
        };
    }

    private static Verdict? Nothing(InternetTarget target, string field) =>
        target is { Ips: null or { Count: 0 }, Domains: null or { Count: 0 } }
            ? TargetReader.Invalid(field, "nothing is named (give ips, domains or both)")
            : null;

    private static Verdict? Ips(List<string> ips, string field)
    {
        for (var i = 0; i < ips.Count; i++)
        {
            if (AddressRange.Problem(ips[i]) is { } problem)
            {
                return TargetReader.Invalid(Item(field, "ips", i), $"{QuotedText.Quote(ips[i])}: {problem}");
            }
        }

        return null;
    }

    private static Verdict? Domains(List<string> domains, string field)
    {
        for (var i = 0; i < domains.Count; i++)
        {
            var name = domains[i];
            var plain = name?.StartsWith(Any, StringComparison.Ordinal) == true ? name[Any.Length..] : name;
            if (!DnsNames.IsSubdomain(plain))
            {
                return TargetReader.Invalid(Item(field, "domains", i), $"{QuotedText.Quote(name)} is not a DNS name (correct it)");
            }

            if (IPAddress.TryParse(plain, out _))
            {
                return TargetReader.Invalid(Item(field, "domains", i), $"{QuotedText.Quote(name)} is an address (give it in ips)");
            }
        }

        return null;
    }

    private static string Name(InternetTarget target)
    {
        var addresses = (target.Domains ?? []).Concat(target.Ips ?? []).ToList();
        var name = addresses.Count == 0 ? "" : TargetReader.Shown(addresses[0]);
        return addresses.Count < 2 ? name : string.Create(CultureInfo.InvariantCulture, $"{name} and {addresses.Count - 1} more");
    }

    private static string Item(string field, string list, int index) => string.Create(CultureInfo.InvariantCulture, $"{field}.{list}[{index}]");
}
