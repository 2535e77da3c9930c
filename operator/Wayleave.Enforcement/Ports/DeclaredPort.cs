using System.Globalization;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Text;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Ports;

/// <summary>
/// A port as users write it: <c>8080</c>, <c>53/UDP</c>, <c>9000-9010</c>, <c>9000-9010/UDP</c>, or the name of a container port.
/// </summary>
/// <param name="First">The port, or the first of a range; 0 for a name.</param>
/// <param name="Last">The last port of a range; the same as <paramref name="First"/> for a single port.</param>
/// <param name="Protocol">TCP, UDP or SCTP; null when none was given.</param>
/// <param name="Name">The port name; null for a number or a range.</param>
public readonly record struct DeclaredPort(int First, int Last, string? Protocol, string? Name)
{
    private const int MaxPort = 65535;
    private const int MaxNameLength = 15;

    /// <summary>Whether this is more than one port.</summary>
    public bool IsRange => Last > First;

    /// <summary>A single port without a protocol.</summary>
    public static DeclaredPort Single(int port) => new(port, port, null, null);

    /// <param name="text">A number, or the text that the schema allows; other text is possible where the schema was bypassed.</param>
    /// <param name="allowsNames">False where there are no containers that could declare the name.</param>
    /// <param name="port">The port, when the result is null.</param>
    /// <returns>The error and its fix. Null if it is valid.</returns>
    public static string? ParseOrGetError(PortNumberOrName text, bool allowsNames, out DeclaredPort port)
    {
        port = default;
        if (text.Text is null)
        {
            port = Single(text.Number);
            return ValidateRange(text.Number, text.Number);
        }

        var slash = text.Text.IndexOf('/', StringComparison.Ordinal);
        var protocol = slash < 0 ? null : text.Text[(slash + 1)..];
        var ports = slash < 0 ? text.Text : text.Text[..slash];
        if (IsName(ports))
        {
            port = new DeclaredPort(0, 0, null, ports);
            return (allowsNames, protocol) switch
            {
                (false, _) => "a port name has no meaning here; use a number, for example 8080 or \"53/UDP\"",
                (true, not null) => "a port name brings its own protocol; remove the protocol",
                _ => null,
            };
        }

        var dash = ports.IndexOf('-', StringComparison.Ordinal);
        if (!TryNumber(dash < 0 ? ports : ports[..dash], out var first) || !TryNumber(dash < 0 ? ports : ports[(dash + 1)..], out var last))
        {
            return "not a port; use 8080, \"53/UDP\", \"9000-9010\"" + (allowsNames ? " or a port name" : "");
        }

        port = new DeclaredPort(first, last, protocol, null);
        return protocol is null or "TCP" or "UDP" or "SCTP" ? ValidateRange(first, last) : "unknown protocol; use TCP, UDP or SCTP";
    }

    /// <param name="ports">Null or empty for every port.</param>
    /// <param name="allowsNames">False where there are no containers that could declare a name.</param>
    /// <param name="parsed">In the order given; empty for every port.</param>
    /// <returns>The index of the first invalid port and the error. Null if all are valid.</returns>
    public static (int Index, string Problem)? ParseOrGetError(
        List<PortNumberOrName>? ports, bool allowsNames, out IReadOnlyList<DeclaredPort> parsed)
    {
        var result = ports is { Count: > 0 } ? new DeclaredPort[ports.Count] : [];
        parsed = result;
        for (var i = 0; i < result.Length; i++)
        {
            if (ParseOrGetError(ports![i], allowsNames, out result[i]) is { } problem)
            {
                return (i, problem);
            }
        }

        return null;
    }

    /// <summary>The error of the first invalid port. Null if all are valid.</summary>
    /// <param name="field">The list, for messages.</param>
    /// <param name="ports">Null or empty for every port.</param>
    /// <param name="allowsNames">False where there are no containers that could declare a name.</param>
    /// <param name="parsed">In the order given; empty for every port.</param>
    internal static TargetResult? Validate(
        string field, List<PortNumberOrName>? ports, bool allowsNames, out IReadOnlyList<DeclaredPort> parsed) =>
        ParseOrGetError(ports, allowsNames, out parsed) is var (index, problem)
        ? TargetResult.Invalid($"{field}[{index}]", $"{TextSanitizer.Quote(ports![index].ToString())}: {problem}")
        : null;

    /// <summary>The port of a policy. A name gets the default protocol.</summary>
    internal PolicyPort ToPolicyPort() =>
        Name is { } name ? new(PolicyPort.Tcp, name) : new(Protocol ?? PolicyPort.Tcp, First, IsRange ? Last : null);

    /// <summary>The ports of a policy for DNS. Without a protocol, both: DNS uses TCP for answers that are too long for UDP.</summary>
    public IReadOnlyList<PolicyPort> ExpandForDns() =>
        Protocol is null ? [ToPolicyPort(), ToPolicyPort() with { Protocol = "UDP" }] : [ToPolicyPort()];

    /// <summary>
    /// Whether a port of a Service or a container is this one or in this range. A missing protocol matches every protocol.
    /// </summary>
    public bool Matches(int number, string? name, string? protocol) => Name is null
        ? number >= First && number <= Last && (Protocol is null || Protocol == (protocol ?? PolicyPort.Tcp))
        : Name == name;

    /// <summary>As users write it.</summary>
    public override string ToString()
    {
        var ports = IsRange ? $"{First}-{Last}" : First.ToString(CultureInfo.InvariantCulture);
        return Name ?? (Protocol is null ? ports : $"{ports}/{Protocol}");
    }

    private static string? ValidateRange(int first, int last) => (first, last) switch
    {
        ( < 1 or > MaxPort, _) or (_, < 1 or > MaxPort) => "ports are from 1 to 65535",
        _ when last < first => $"the range runs backwards; use {last}-{first}",
        _ => null,
    };

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && text[0] != '0';

    // RFC 6335, section 5.1: letters, digits and single hyphens, at least one letter.
    private static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength
        && text.Any(char.IsAsciiLetterLower)
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
        && text[0] != '-' && text[^1] != '-' && !text.Contains("--", StringComparison.Ordinal);
}
