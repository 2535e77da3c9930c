using Wayleave.Enforcement.Text;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Enforcement.Policies;

/// <summary>The value of our annotation: <c>Deployment/shop/cart</c>, or <c>Service/data/redis</c>.</summary>
internal static class SubjectAnnotation
{
    public static string Format(ServerSubject subject) => $"{subject.Kind}/{subject.Namespace}/{subject.Name}";

    /// <summary>Anyone may have written the text: null unless it is just what <see cref="Format"/> could have made.</summary>
    public static ServerKey? Parse(string? text)
    {
        var parts = (text ?? "").Split('/', 4);
        if (parts.Length != 3 || !DnsNames.IsLabel(parts[1]) || !DnsNames.IsSubdomain(parts[2]))
        {
            return null;
        }

        if (parts[0] == ServerSubject.Service)
        {
            return new ServerKey(ServerType.Service, parts[1], parts[2]);
        }

        return WorkloadKindNames.TryParse(parts[0], out _) ? new ServerKey(ServerType.Workload, parts[1], parts[2]) : null;
    }
}
