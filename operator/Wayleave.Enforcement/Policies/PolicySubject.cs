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

    /// <summary>The value of our annotation: <c>Deployment/shop/cart</c>, or <c>Service/data/redis</c>.</summary>
    internal string Annotation => $"{Kind}/{Namespace}/{Name}";

    /// <summary>
    /// The key of the policies of a subject, with its kind and name. The text is untrusted. Null unless it could be an
    /// <see cref="Annotation"/>.
    /// </summary>
    internal static (PolicyKey Key, string Kind, string Name)? ParseAnnotation(string? text, PolicyDirection direction)
    {
        if ((text ?? "").Split('/', 4) is not [var kind, var @namespace, var name]
            || !DnsNameValidator.IsLabel(@namespace)
            || !DnsNameValidator.IsSubdomain(name)
            || TypeOf(kind, direction) is not { } type)
        {
            return null;
        }

        var declaredName = kind == WorkloadKindParser.Pods ? SelectedPods.DeclaredName(name) : name;
        return declaredName is null ? null : (new PolicyKey(type, @namespace, declaredName), kind, name);
    }

    /// <summary>Whether the Pods are those of the workload.</summary>
    internal bool IsOf(Workload workload) => workload.Kind.Name() == Kind && workload.Name == Name;

    /// <summary>Compares the selectors by value.</summary>
    public bool Equals(PolicySubject? other) =>
        other is not null
        && Kind == other.Kind
        && Namespace == other.Namespace
        && Name == other.Name
        && SelectorEquality.AreEqual(PodSelector, other.PodSelector);

    public override int GetHashCode() => HashCode.Combine(Kind, Namespace, Name);

    private static SubjectType? TypeOf(string kind, PolicyDirection direction)
    {
        if (direction == PolicyDirection.Ingress && kind == Service)
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

public enum PolicyDirection
{
    /// <summary>Restricts who may call a server.</summary>
    Ingress,

    /// <summary>Restricts what a client may call.</summary>
    Egress,
}
