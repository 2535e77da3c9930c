using k8s.Models;

namespace Wayleave.Testing.Semantics;

/// <summary>The directions that a policy isolates.</summary>
public static class PolicyTypes
{
    public const string Ingress = "Ingress";
    public const string Egress = "Egress";

    /// <summary>The given types; by default Ingress, and Egress if there are egress rules.</summary>
    public static IReadOnlyList<string> Of(V1NetworkPolicy policy)
    {
        var spec = policy.Spec ?? throw new InvalidOperationException($"{policy.Metadata.Name} has no spec.");
        if (spec.PolicyTypes is { Count: > 0 } types)
        {
            return types.All(type => type is Ingress or Egress)
                ? [.. types]
                : throw new InvalidOperationException($"{policy.Metadata.Name} is of an unknown type.");
        }

        return spec.Egress is { Count: > 0 } ? [Ingress, Egress] : [Ingress];
    }
}
