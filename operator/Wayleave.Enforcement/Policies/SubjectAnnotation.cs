using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Policies;

/// <summary>The value of our annotation: <c>Deployment/shop/cart</c>, or <c>Service/data/redis</c>.</summary>
internal static class SubjectAnnotation
{
    public static string Format(PolicySubject subject) => $"{subject.Kind}/{subject.Namespace}/{subject.Name}";

    /// <summary>Anyone may have written the text: null unless it is just what <see cref="Format"/> could have made.</summary>
    public static SubjectKey? Parse(string? text, PolicyDirection direction)
    {
        var parts = (text ?? "").Split('/', 4);
        if (parts.Length != 3 || !DnsNames.IsLabel(parts[1]) || !DnsNames.IsSubdomain(parts[2]))
        {
            return null;
        }

        return TypeOf(parts[0], direction) is { } type ? new SubjectKey(type, parts[1], parts[2]) : null;
    }

    private static SubjectType? TypeOf(string kind, PolicyDirection direction)
    {
        if (direction == PolicyDirection.Ingress && kind == PolicySubject.Service)
        {
            return SubjectType.Service;
        }

        if (!WorkloadKindNames.TryParse(kind, out _))
        {
            return null;
        }

        return direction == PolicyDirection.Ingress ? SubjectType.Workload : SubjectType.Client;
    }
}
