using System.Net;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Governance;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;

namespace Wayleave.Operator.Configuration;

/// <summary>Reads the flags about enforcement and the network.</summary>
internal static class NetworkFlags
{
    /// <exception cref="OptionsException">A value cannot be used.</exception>
    public static GovernanceDefaults Governance(FlagValues values) =>
        new(values.Choice<EnforcementMode>(Flags.Mode), values.Text(Flags.Namespace) ?? Flags.Namespace.Default, values.Switch(Flags.Egress))
        {
            External = values.Choice<ExternalMode>(Flags.External) == ExternalMode.Auto,
            SystemNamespaces = values.List(Flags.SystemNamespaces, Pattern),
            DnsPorts = [.. values.List(Flags.DnsPorts, DnsPort).SelectMany(ports => ports).Distinct().Order()],
        };

    /// <exception cref="OptionsException">A value cannot be used.</exception>
    public static NetworkSettings Network(FlagValues values) => new(values.List(Flags.PodCidrs, Range), values.List(Flags.ServiceCidrs, Range));

    private static (string Value, string? Problem) Pattern(string text) => text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '*')
        ? (text, null)
        : (text, "not a pattern of namespaces; use a name, or * for any characters, for example cattle-*");

    private static (IPNetwork Value, string? Problem) Range(string text) => IPNetwork.TryParse(text, out var range)
        ? (range, null)
        : (default, "not an address range; use CIDR form without host bits, for example 10.244.0.0/16 or fd00:10:244::/56");

    private static (IReadOnlyList<PolicyPort> Value, string? Problem) DnsPort(string text)
    {
        var problem = DeclaredPort.TryParse(int.TryParse(text, out var number) ? number : text, allowsNames: false, out var port);
        return (problem is null ? DnsPorts.Of(port) : [], problem);
    }

    private enum ExternalMode
    {
        Auto,
        Never,
    }
}
