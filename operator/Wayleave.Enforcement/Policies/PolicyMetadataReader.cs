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
        var key = ReadDirection(policy) is { } known ? ParseAnnotation(policy, known)?.Key : null;
        key ??= PolicyName.ParseKey(policy.Metadata.Name, policy.Metadata.NamespaceProperty);
        return key?.Namespace == policy.Metadata.NamespaceProperty ? key : null;
    }

    /// <summary>The subject of a policy with its current selector. Null if the annotation is invalid.</summary>
    public static PolicySubject? ReadSubject(V1NetworkPolicy policy) =>
        policy.Spec?.PodSelector is { } selector
        && ParseAnnotation(policy, ReadDirection(policy) ?? PolicyDirection.Ingress) is var (key, kind, name)
            ? new PolicySubject(kind, key.Namespace, name, selector)
            : null;

    /// <summary>
    /// True for what our field manager wrote: policies are created with POST, which is an Update, and changed with Apply.
    /// </summary>
    public static bool IsOurs(V1ManagedFieldsEntry entry) => entry is { Manager: WayleaveLabels.FieldManager };

    /// <summary>True when an operator of ours wrote it, whichever installation it belongs to and whatever its labels are now.</summary>
    public static bool IsWrittenByWayleave(V1NetworkPolicy policy) => policy.Metadata.ManagedFields?.Any(IsOurs) == true;

    private static PolicyDirection? ReadDirection(V1NetworkPolicy policy) =>
        PolicyName.ParseDirection(policy.Metadata.Labels.Find(WayleaveLabels.Direction));

    private static (PolicyKey Key, string Kind, string Name)? ParseAnnotation(V1NetworkPolicy policy, PolicyDirection direction) =>
        PolicySubject.ParseAnnotation(policy.Metadata.Annotations.Find(WayleaveLabels.Workload), direction);
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

    /// <summary>The action for a desired policy.</summary>
    /// <param name="existing">The policy of its name; null for none.</param>
    /// <param name="desired">As planned.</param>
    public PolicyAction GetAction(V1NetworkPolicy? existing, V1NetworkPolicy desired) => existing switch
    {
        null => PolicyAction.Create,
        _ when !MayUpdate(existing) => PolicyAction.Refuse,
        _ => HasOurMark(existing) && PolicyEquality.Matches(existing, desired) ? PolicyAction.None : PolicyAction.Update,
    };

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

/// <summary>The action that brings a NetworkPolicy to its desired state.</summary>
public enum PolicyAction
{
    /// <summary>The policy is already as desired.</summary>
    None,

    Create,

    Update,

    /// <summary>The plan has no such policy, and this installation wrote it.</summary>
    Delete,

    /// <summary>Another owner has a policy of that name.</summary>
    Refuse,
}
