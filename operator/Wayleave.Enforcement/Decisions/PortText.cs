using Wayleave.Api;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Decisions;

/// <summary>Messages about the ports of a target.</summary>
internal static class PortText
{
    /// <summary>The result for a range that the API server cannot store. Null for no range.</summary>
    public static TargetResult? ValidateRange(DeclaredPort? port, string field) => port is not { } range
        ? null
        : TargetResult.NotSupported(
            Reasons.PortRangeNotSupported,
            $"{field}: {range}: this API server does not support port ranges; use Kubernetes 1.22 or later, or at most {PortResolver.MaxExpandedRange} ports");

    /// <summary>
    /// Adds a message if no container declares a port but a Service maps it to another one, because the port of the Service was probably
    /// declared instead of that of the Pods; or if no container has a port of that name, so that the rule matches nothing.
    /// </summary>
    public static TargetResult AddUndeclaredPortHint(TargetResult result, IngressIntent call, ResolvedServer meaning)
    {
        if (meaning is not { Found: { Templates.Count: > 0 } server, Certain: { } draft })
        {
            return result;
        }

        var wanted = call.Reference.Ports;
        for (var i = 0; i < wanted.Count; i++)
        {
            if (Hint(wanted[i], server, draft) is { } hint)
            {
                return result with
                {
                    // Keep a more specific reason, such as HttpPathsNotEnforced or Shadow.
                    Reason = result.Reason == Reasons.Enforced ? Reasons.PortNotDeclared : result.Reason,
                    Message = $"{call.Target.Field}.ports[{i}]: {hint}",
                };
            }
        }

        return result;
    }

    private static string? Hint(DeclaredPort port, Workload server, IngressRuleBuilder draft)
    {
        var declared = server.Templates.SelectMany(template => template.Ports);
        if (port.Name is not null)
        {
            return declared.Any(own => own.Name == port.Name)
                ? null
                : $"no container of {TextSanitizer.Quote(server.DeclaredName)} has a port named {TextSanitizer.Quote(port.Name)}; name the port in the Pod template, or use its number";
        }

        var protocol = port.Protocol ?? PolicyPort.Tcp;
        var protocols = declared.Where(own => own.Number == port.First).Select(own => own.Protocol).ToList();
        if (port.IsRange || protocols.Contains(protocol))
        {
            return null;
        }

        var undeclared = $"no container of {TextSanitizer.Quote(server.DeclaredName)} declares port {port.First}/{protocol}";
        return protocols.Count > 0
            ? $"{undeclared}, but one declares {port.First}/{protocols[0]}; write \"{port.First}/{protocols[0]}\" if that is meant"
            : Remap(port.First, protocol, draft, server.Templates) is { } remap ? $"{undeclared}; {remap}" : null;
    }

    private static string? Remap(int wanted, string protocol, IngressRuleBuilder draft, IReadOnlyList<Workload> templates)
    {
        foreach (var service in draft.Services)
        {
            if (!templates.Any(template => SelectorEquality.ContainsAll(template.PodLabels, service.Service.Spec?.Selector)))
            {
                continue;
            }

            var ports = new ServicePorts(service.Service.Spec?.Ports, templates);
            foreach (var port in service.Service.Spec?.Ports ?? [])
            {
                if (port.Port == wanted && (port.Protocol ?? PolicyPort.Tcp) == protocol
                    && ports.Targets(port).FirstOrDefault() is { Protocol: not null } target && target.Port != port.Port)
                {
                    return $"Service {TextSanitizer.Quote(service.Service.Metadata.Name)} maps this port to {target.Port};"
                        + $" declare {target.Port}";
                }
            }
        }

        return null;
    }
}
