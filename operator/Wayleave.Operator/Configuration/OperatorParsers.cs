using System.Collections.Immutable;
using System.Net;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Operator.Domains;
using Wayleave.Settings;

namespace Wayleave.Operator.Configuration;

/// <summary>Reads the settings that only the operator has.</summary>
internal static class OperatorParsers
{
    public static string NamespacePattern(string text, out SettingError? error)
    {
        error = text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '*')
            ? null
            : new SettingError("is not a pattern of namespaces", "use a name, or * for any characters, for example cattle-*");
        return text;
    }

    public static IPNetwork AddressRange(string text, out SettingError? error)
    {
        error = IPNetwork.TryParse(text, out var range)
            ? null
            : new SettingError("is not an address range", "use CIDR form without host bits, for example 10.244.0.0/16 or fd00:10:244::/56");
        return range;
    }

    public static ImmutableArray<PolicyPort> DnsPort(string text, out SettingError? error)
    {
        var problem = DeclaredPort.ParseOrGetError(int.TryParse(text, out var number) ? number : text, allowsNames: false, out var port);
        error = problem is null ? null : new SettingError("is not a port", problem);
        return problem is null ? [.. port.ExpandForDns()] : [];
    }

    /// <summary>Whether a content type is that of protobuf.</summary>
    public static bool AcceptsProtobuf(string text, out SettingError? error)
    {
        error = text is "application/json" or "application/vnd.kubernetes.protobuf"
            ? null
            : new SettingError("is not a format of the API server", "use application/vnd.kubernetes.protobuf or application/json");
        return text != "application/json";
    }

    /// <summary>Null for every address.</summary>
    public static IPAddress? BindAddress(string text, out SettingError? error)
    {
        var isAddress = IPAddress.TryParse(text, out var address);
        error = isAddress || text == "*"
            ? null
            : new SettingError("is neither * nor an IP address", "use an address of this machine, or *");
        return address;
    }

    /// <summary>Null when it is empty.</summary>
    public static IPEndPoint? Nameserver(string text, out SettingError? error)
    {
        var address = text.Length == 0 ? null : Nameservers.Parse(text);
        error = text.Length == 0 || address is not null
            ? null
            : new SettingError(
                "is not the address of a nameserver", "write it like 10.96.0.10, 10.96.0.10:53 or [2001:db8::53]:53");
        return address;
    }
}
