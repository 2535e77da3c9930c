using k8s.Models;
using Wayleave.Kubernetes.Events;

namespace Wayleave.Operator.Tests.Meaning.Running;

/// <summary>Discards all Events.</summary>
internal sealed class SilentRecorder : IEventRecorder
{
    public void Record(V1ObjectReference regarding, string type, string reason, string action, string note)
    {
        // Discarded.
    }
}
