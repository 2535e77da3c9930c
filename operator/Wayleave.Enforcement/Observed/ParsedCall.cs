using System.Net;
using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Targets;

namespace Wayleave.Enforcement.Observed;

/// <summary>A call of the application that the network mapper has seen, parsed. Immutable.</summary>
public sealed class ParsedCall
{
    private ParsedCall(ObservedCall call, DeclaredTarget target, string @namespace)
    {
        Target = target;
        IsUnanswered = call.Outcome == ObservedOutcomes.Unanswered;
        Ports = [.. (target.Reference?.Ports ?? target.Internet!.Ports).Select(port => port.ToPolicyPort())];
        Service = call.Service is { Length: > 0 } service && TargetParser.ValidateServer("", service) is null
            ? TargetParser.ParseServer(SubjectType.Service, service, @namespace)
            : null;
        Addresses = [.. (call.Addresses ?? []).Select(ParseAddress).OfType<IPAddress>()];
    }

    /// <summary>The target, as if it were declared.</summary>
    public DeclaredTarget Target { get; }

    /// <summary>Whether there was no answer. Otherwise the connection was established.</summary>
    public bool IsUnanswered { get; }

    /// <summary>The ports that were called; empty if they are not known.</summary>
    public IReadOnlyList<PolicyPort> Ports { get; }

    /// <summary>The Service whose address was called; null for none.</summary>
    public PolicyKey? Service { get; }

    /// <summary>The addresses that DNS answered for the domain.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; }

    /// <summary>
    /// Parses a call. Null for a call from or to a component of the cluster, one that was refused, and one whose target is invalid or of a
    /// type that is not supported.
    /// </summary>
    public static ParsedCall? ParseOrNull(ObservedCall call, string @namespace) => Counts(call) ? ParseAny(call, @namespace) : null;

    /// <summary>Parses a call of any class and outcome. Null if its target is invalid or of a type that is not supported.</summary>
    public static ParsedCall? ParseAny(ObservedCall call, string @namespace)
    {
        var target = TargetParser.Parse(call.Target, @namespace, 0);
        return target.Reference is null && target.Internet is null ? null : new ParsedCall(call, target, @namespace);
    }

    /// <summary>Whether a call has to be declared, or to be answered: it is one of the application, and something listened.</summary>
    public static bool Counts(ObservedCall call) =>
        call.Class is null && call.Outcome is (ObservedOutcomes.Connected or ObservedOutcomes.Unanswered);

    /// <summary>The target and some of its ports, for messages: <c>cart.shop:8080</c>.</summary>
    public string Describe(IReadOnlyList<PolicyPort> ports) =>
        ports.Count == 0 ? Target.Name : $"{Target.Name}:{string.Join(',', ports.Order().Select(RuleText.Port))}";

    internal static IPAddress? ParseAddress(string text) => IPAddress.TryParse(text, out var address) ? address : null;
}
