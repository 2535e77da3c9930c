using k8s.Models;
using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Policies;

/// <summary>The Pods that a policy or a rule selects.</summary>
/// <param name="Kind">A workload's kind, or <see cref="Service"/>.</param>
public sealed record PolicySubject(string Kind, string Namespace, string Name, V1LabelSelector PodSelector)
{
    /// <summary>The kind of a subject that is a Service.</summary>
    public const string Service = "Service";

    /// <summary>Compares the selectors by value.</summary>
    public bool Equals(PolicySubject? other) =>
        other is not null
        && Kind == other.Kind
        && Namespace == other.Namespace
        && Name == other.Name
        && SelectorEquality.AreEqual(PodSelector, other.PodSelector);

    public override int GetHashCode() => HashCode.Combine(Kind, Namespace, Name);
}

/// <summary>The value of our annotation: <c>Deployment/shop/cart</c>, or <c>Service/data/redis</c>.</summary>
internal static class SubjectAnnotation
{
    public static string Format(PolicySubject subject) => $"{subject.Kind}/{subject.Namespace}/{subject.Name}";

    /// <summary>The text is untrusted. Null unless <see cref="Format"/> could have written it.</summary>
    public static PolicyKey? Parse(string? text, PolicyDirection direction)
    {
        var parts = (text ?? "").Split('/', 4);
        if (parts.Length != 3 || !DnsNames.IsLabel(parts[1]) || !DnsNames.IsSubdomain(parts[2]))
        {
            return null;
        }

        var name = parts[0] == WorkloadKindParser.Pods ? SelectedPods.DeclaredName(parts[2]) : parts[2];
        return name is not null && TypeOf(parts[0], direction) is { } type ? new PolicyKey(type, parts[1], name) : null;
    }

    /// <summary>The kind and the name of the subject of a text that <see cref="Parse"/> understands.</summary>
    public static (string Kind, string Name) Parts(string text)
    {
        var parts = text.Split('/', 4);
        return (parts[0], parts[2]);
    }

    private static SubjectType? TypeOf(string kind, PolicyDirection direction)
    {
        if (direction == PolicyDirection.Ingress && kind == PolicySubject.Service)
        {
            return SubjectType.Service;
        }

        if (kind != WorkloadKindParser.Pods && !WorkloadKindParser.TryParse(kind, out _))
        {
            return null;
        }

        return direction == PolicyDirection.Ingress ? SubjectType.Workload : SubjectType.Client;
    }
}

/// <summary>The direction of a policy.</summary>
public enum PolicyDirection
{
    /// <summary>Restricts who may call a server.</summary>
    Ingress,

    /// <summary>Restricts what a client may call.</summary>
    Egress,
}
