using System.Net;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Testing.Meaning;

/// <summary>Validates what the schemas cannot.</summary>
internal static class Validity
{
    public static bool IsValid(IKubernetesObject<V1ObjectMeta> declaration) => declaration switch
    {
        ClientIntents intents => IsValid(intents.Spec.Workload.Selector) && intents.Spec.Targets.TrueForAll(IsValid),
        ProtectedService protection => IsValid(protection.Spec.Workload.Selector),
        EnforcementPolicy policy => (policy.Spec.Allow?.From ?? []).TrueForAll(caller => IsValid(caller.Ports)),
        _ => true,
    };

    private static bool IsValid(IntentTarget target) =>
        IsValid(target.Kubernetes?.Selector)
        && IsValid(target.Kubernetes?.Ports ?? target.Service?.Ports ?? target.Internet?.Ports)
        && (target.Internet?.Ips ?? []).TrueForAll(IsRange);

    // An empty selector would select every Pod of the namespace.
    private static bool IsValid(V1LabelSelector? selector) =>
        selector is null or { MatchLabels.Count: > 0 } or { MatchExpressions.Count: > 0 };

    private static bool IsValid(List<PortNumberOrName>? ports) => (ports ?? []).Select(WrittenPort.Parse).All(port => port.Name is not null || port.First <= port.Last);

    // A range must not have host bits set.
    private static bool IsRange(string text) =>
        IPAddress.TryParse(text, out _) || (IPNetwork.TryParse(text, out var range) && range.ToString() == text);
}
