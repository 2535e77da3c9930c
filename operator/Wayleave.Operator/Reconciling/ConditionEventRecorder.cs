using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Events;
using Wayleave.Operator.Recording;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Records an Event when the Ready condition of an object changes. An object that is ready from the start gets no Event, so that applying a
/// thousand objects does not record a thousand Events. The event store gets each write of a status.
/// </summary>
internal sealed class ConditionEventRecorder(IEventRecorder recorder, OperatorEventRecorder events)
{
    private const string Normal = "Normal";
    private const string Warning = "Warning";

    public void RecordTransition(IKubernetesObject<V1ObjectMeta> entity, string kind, List<V1Condition>? before, List<V1Condition>? now)
    {
        var ready = Ready(now);
        var old = Ready(before);
        events.StatusWritten(entity, kind, old, ready);
        if (ready is not null && HasChanged(old, ready))
        {
            recorder.Record(
                EventReference.To(entity, kind), ready.Status == "True" ? Normal : Warning, ready.Reason, "Reconcile", ready.Message);
        }
    }

    private static bool HasChanged(V1Condition? old, V1Condition ready) => old is null
        ? ready.Status != "True"
        : old.Status != ready.Status || old.Reason != ready.Reason || old.Message != ready.Message;

    private static V1Condition? Ready(List<V1Condition>? conditions) =>
        conditions?.Find(condition => condition.Type == ConditionTypes.Ready);
}

/// <summary>Makes the references of Events to our resources.</summary>
internal static class EventReference
{
    public static V1ObjectReference To(IKubernetesObject<V1ObjectMeta> entity, string kind) => new()
    {
        ApiVersion = Group.ApiVersion,
        Kind = kind,
        Name = entity.Metadata.Name,
        NamespaceProperty = entity.Metadata.NamespaceProperty,
        Uid = entity.Metadata.Uid,
        ResourceVersion = entity.Metadata.ResourceVersion,
    };
}
