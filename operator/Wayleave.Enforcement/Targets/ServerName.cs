using Wayleave.Api;
using Wayleave.Enforcement.Text;

namespace Wayleave.Enforcement.Targets;

/// <summary>
/// A server's name as users write it: <c>name</c>, or <c>name.namespace</c>. The last dot divides, since a namespace's name has none.
/// </summary>
internal readonly record struct ServerName(string Name, string Namespace)
{
    public static TargetResult? Refusal(string field, string? text)
    {
        var dot = text?.LastIndexOf('.') ?? -1;
        var valid = dot < 0
            ? DnsNames.IsSubdomain(text)
            : DnsNames.IsSubdomain(text.AsSpan(0, dot)) && DnsNames.IsLabel(text.AsSpan(dot + 1));
        return valid
            ? null
            : TargetResult.Failed(
                Reasons.InvalidSpec,
                $"{field}.name: {SanitizedText.Quote(text)} is not a server name; use name or name.namespace, in lower case");
    }

    /// <summary>Reads text that was not refused.</summary>
    public static ServerName Parse(string text, string ownNamespace)
    {
        var dot = text.LastIndexOf('.');
        return dot < 0 ? new ServerName(text, ownNamespace) : new ServerName(text[..dot], text[(dot + 1)..]);
    }

    public override string ToString() => $"{Name}.{Namespace}";
}
