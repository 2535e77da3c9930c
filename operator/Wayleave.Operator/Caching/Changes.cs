using k8s;
using k8s.Models;
using Wayleave.Enforcement.Policies;

namespace Wayleave.Operator.Caching;

/// <summary>Detects changes that can affect a decision.</summary>
internal static class Changes
{
    /// <summary>True for our own status writes, which come back as changes and change no spec.</summary>
    public static bool IsSameSpec(IKubernetesObject<V1ObjectMeta>? old, IKubernetesObject<V1ObjectMeta>? now) =>
        old is not null && now is not null
        && old.Metadata.Uid == now.Metadata.Uid
        && old.Metadata.Generation == now.Metadata.Generation
        && old.Metadata.DeletionTimestamp == now.Metadata.DeletionTimestamp;

    /// <summary>False for an object that was added or deleted.</summary>
    public static bool HasSameLabels(IKubernetesObject<V1ObjectMeta>? old, IKubernetesObject<V1ObjectMeta>? now) =>
        old is not null && now is not null && SelectorEquality.LabelsEqual(old.Metadata.Labels, now.Metadata.Labels);
}
