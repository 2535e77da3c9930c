using Wayleave.Api;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Tests.Observed;

/// <summary>Builds calls that the network mapper has seen.</summary>
internal static class Seen
{
    /// <summary>What was seen of the Deployment <c>checkout</c>.</summary>
    public static ObservedIntents By(params ObservedCall[] calls) => new()
    {
        Metadata = Given.Meta("deployment-checkout"),
        Workload = new ObservedWorkload { Name = "checkout", Kind = "Deployment" },
        Calls = [.. calls],
    };

    public static ObservedCall Workload(string name, PortNumberOrName? port = null, string? kind = "Deployment", string? service = null) =>
        Call(new IntentTarget { Kubernetes = new KubernetesTarget { Name = name, Kind = kind, Ports = port is { } one ? [one] : null } }, service);

    public static ObservedCall Service(string name, params int[] ports) => Call(Given.ServiceTarget(name, ports));

    public static ObservedCall Domain(string name, int? port = 443, params string[] addresses)
    {
        var call = Call(new IntentTarget { Internet = new InternetTarget { Domains = [name], Ports = port is { } one ? [one] : null } });
        call.Addresses = addresses.Length == 0 ? null : [.. addresses];
        return call;
    }

    public static ObservedCall Address(string ip, int port = 443) =>
        Call(new IntentTarget { Internet = new InternetTarget { Ips = [ip], Ports = [port] } });

    public static ObservedCall With(this ObservedCall call, string outcome, string? @class = null)
    {
        (call.Outcome, call.Class) = (outcome, @class);
        return call;
    }

    private static ObservedCall Call(IntentTarget target, string? service = null) =>
        new() { Target = target, Service = service, Outcome = ObservedOutcomes.Connected };
}
