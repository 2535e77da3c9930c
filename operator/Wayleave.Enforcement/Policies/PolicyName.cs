using System.Security.Cryptography;
using System.Text;
using Wayleave.Api;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Policies;

/// <summary>Names of our policies: <c>wayleave-deployment-cart-ingress</c>.</summary>
public static class PolicyName
{
    private const string Prefix = "wayleave";
    private const string ServiceKind = "service";
    private const int MaxLength = 63;

    // Users choose these names, so the hash is long enough that a collision cannot be found.
    private const int HashLength = 16;

    /// <summary>
    /// The policy's name. One that would be longer than 62 characters becomes exactly 63 long, with a hash of the subject's name in it:
    /// a shortened name is thus never the full name of another subject.
    /// </summary>
    /// <param name="kind">A workload's kind, or <c>Service</c>.</param>
    /// <param name="name">The subject's name as the API server has it.</param>
    public static string For(string kind, string name, PolicyDirection direction)
    {
        var head = $"{Prefix}-{kind.ToLowerInvariant()}-";
        var tail = direction == PolicyDirection.Ingress ? $"-{WayleaveLabels.Ingress}" : $"-{WayleaveLabels.Egress}";
        return head.Length + name.Length + tail.Length < MaxLength ? head + name + tail : Shortened(head, name, tail);
    }

    /// <summary>The key of a policy name. Null if it is not a name of ours. The key of a shortened name matches no subject.</summary>
    public static PolicyKey? ParseKey(string? policyName, string? @namespace)
    {
        var parts = (policyName ?? "").Split('-');
        return parts.Length > 3 && parts[0] == Prefix && ParseDirection(parts[^1]) is { } known
            ? PolicySubject.ParseAnnotation($"{KindOf(parts[1])}/{@namespace}/{string.Join('-', parts[2..^1])}", known)?.Key
            : null;
    }

    /// <summary>The direction, as labels and names of policies have it.</summary>
    internal static PolicyDirection? ParseDirection(string? text) => text switch
    {
        WayleaveLabels.Ingress => PolicyDirection.Ingress,
        WayleaveLabels.Egress => PolicyDirection.Egress,
        _ => null,
    };

    private static string? KindOf(string lowerCase)
    {
        if (lowerCase == ServiceKind)
        {
            return PolicySubject.Service;
        }

        for (var kind = WorkloadKind.Deployment; kind <= WorkloadKind.Pods; kind++)
        {
            if (kind.Name().Equals(lowerCase, StringComparison.OrdinalIgnoreCase))
            {
                return kind.Name();
            }
        }

        return null;
    }

    private static string Shortened(string head, string name, string tail)
    {
        var kept = name.AsSpan(0, MaxLength - head.Length - tail.Length - HashLength - 1);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name))).AsSpan(0, HashLength);

        // A dot before a dash would end a DNS label with nothing to start the next.
        return kept[^1] == '.' ? $"{head}{kept[..^1]}--{hash}{tail}" : $"{head}{kept}-{hash}{tail}";
    }
}
