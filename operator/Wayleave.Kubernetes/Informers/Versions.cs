using System.Globalization;
using k8s;
using k8s.Models;

namespace Wayleave.Kubernetes.Informers;

/// <summary>Compares resource versions: of one kind they are numbers that grow (KEP-5504).</summary>
internal static class Versions
{
    public static bool AreSame(IKubernetesObject<V1ObjectMeta> one, IKubernetesObject<V1ObjectMeta> other) =>
        one.Metadata.ResourceVersion == other.Metadata.ResourceVersion && one.Metadata.Uid == other.Metadata.Uid;

    public static bool IsNewer(IKubernetesObject<V1ObjectMeta> candidate, IKubernetesObject<V1ObjectMeta> current) =>
        IsNewer(candidate.Metadata.ResourceVersion, current.Metadata.ResourceVersion);

    /// <summary>One that is not a number is taken as newer.</summary>
    public static bool IsNewer(string? candidate, string? current) =>
        !TryParse(candidate, out var mine) || !TryParse(current, out var theirs) || mine > theirs;

    public static bool TryParse(string? version, out ulong number) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
