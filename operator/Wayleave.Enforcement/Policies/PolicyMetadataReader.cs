using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes;

namespace Wayleave.Enforcement.Policies;

/// <summary>Reads the metadata of a NetworkPolicy.</summary>
public static class PolicyMetadataReader
{
    /// <summary>
    /// The key of a policy, from its annotation or else from its name. Null if neither is valid, or if the namespace differs.
    /// </summary>
    public static PolicyKey? ReadKey(V1NetworkPolicy policy)
    {
        PolicyDirection? direction = Value(policy.Metadata.Labels, WayleaveLabels.Direction) switch
        {
            WayleaveLabels.Ingress => PolicyDirection.Ingress,
            WayleaveLabels.Egress => PolicyDirection.Egress,
            _ => null,
        };
        var subject = direction is { } known
            ? SubjectAnnotation.Parse(Value(policy.Metadata.Annotations, WayleaveLabels.Workload), known)
            : null;
        subject ??= PolicyName.ParseKey(policy.Metadata.Name, policy.Metadata.NamespaceProperty);
        return subject?.Namespace == policy.Metadata.NamespaceProperty ? subject : null;
    }

    /// <summary>The subject of a policy with its current selector. Null if the annotation is invalid.</summary>
    public static PolicySubject? ReadSubject(V1NetworkPolicy policy)
    {
        var text = Value(policy.Metadata.Annotations, WayleaveLabels.Workload);
        var direction = Value(policy.Metadata.Labels, WayleaveLabels.Direction) == WayleaveLabels.Egress
            ? PolicyDirection.Egress
            : PolicyDirection.Ingress;
        if (policy.Spec?.PodSelector is not { } selector || SubjectAnnotation.Parse(text, direction) is not { } key)
        {
            return null;
        }

        var (kind, name) = SubjectAnnotation.Parts(text!);
        return new PolicySubject(kind, key.Namespace, name, selector);
    }

    /// <summary>
    /// True for what our field manager wrote: policies are created with POST, which is an Update, and changed with Apply.
    /// </summary>
    public static bool IsOurs(V1ManagedFieldsEntry entry) => entry is { Manager: WayleaveLabels.FieldManager };

    /// <summary>True when an operator of ours wrote it, whichever installation it belongs to and whatever its labels are now.</summary>
    public static bool IsWrittenByWayleave(V1NetworkPolicy policy) => policy.Metadata.ManagedFields?.Any(IsOurs) == true;

    private static string? Value(IDictionary<string, string>? map, string key) => map.Find(key);
}

/// <summary>Which policies of a cluster one installation of Wayleave may change.</summary>
/// <param name="Installation">The mark of the installation, as it is in <see cref="WayleaveLabels.Installation"/>.</param>
public sealed record PolicyOwner(string Installation)
{
    private const int MarkLength = 32;

    /// <summary>Whether a text can be the mark of an installation. Any other text counts as no mark.</summary>
    public static bool IsMark(string? text) => text is { Length: MarkLength } && text.All(char.IsAsciiHexDigitLower);

    /// <summary>
    /// The mark of the installation that a policy belongs to. Null for a policy without one, or one that no operator wrote.
    /// </summary>
    public static string? ReadMark(V1NetworkPolicy policy) =>
        PolicyMetadataReader.IsWrittenByWayleave(policy)
        && policy.Metadata.Annotations.Find(WayleaveLabels.Installation) is { } mark
        && IsMark(mark)
            ? mark
            : null;

    /// <summary>
    /// True when this installation wrote the policy and our label is on it: the policy may be deleted. A label alone can be copied with the
    /// rest of a manifest; the field manager that the API server recorded cannot.
    /// </summary>
    public bool IsOurs(V1NetworkPolicy policy) =>
        HasOurMark(policy) && policy.Metadata.Labels.Find(WayleaveLabels.ManagedBy) == WayleaveLabels.ManagedByValue;

    /// <summary>True when an operator wrote the policy and it carries our mark, whatever its labels are now.</summary>
    public bool HasOurMark(V1NetworkPolicy policy) => ReadMark(policy) == Installation;

    /// <summary>
    /// True when this installation may bring the policy up to date: it carries our mark, or no mark at all. A policy without a mark lost it
    /// to an edit, or was written before there were marks. It is adopted when it is wanted under its name, and never deleted.
    /// </summary>
    public bool MayUpdate(V1NetworkPolicy policy) =>
        PolicyMetadataReader.IsWrittenByWayleave(policy) && (ReadMark(policy) ?? Installation) == Installation;

    /// <summary>True when another installation wrote the policy.</summary>
    public bool BelongsToOtherInstallation(V1NetworkPolicy policy) => ReadMark(policy) is { } mark && mark != Installation;

    /// <summary>A policy as it is sent to the API server: with our mark.</summary>
    /// <param name="policy">Is not changed.</param>
    public V1NetworkPolicy WithMark(V1NetworkPolicy policy)
    {
        var metadata = policy.Metadata;
        return new V1NetworkPolicy
        {
            ApiVersion = policy.ApiVersion,
            Kind = policy.Kind,
            Metadata = new V1ObjectMeta
            {
                Name = metadata.Name,
                NamespaceProperty = metadata.NamespaceProperty,
                Labels = metadata.Labels,
                Annotations = new Dictionary<string, string>(
                    metadata.Annotations.OrEmpty(), StringComparer.Ordinal)
                { [WayleaveLabels.Installation] = Installation },
            },
            Spec = policy.Spec,
        };
    }
}
