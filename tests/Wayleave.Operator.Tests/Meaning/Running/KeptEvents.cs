using System.Collections.Concurrent;
using k8s.Models;
using Wayleave.Kubernetes.Events;

namespace Wayleave.Operator.Tests.Meaning.Running;

/// <summary>Keeps all recorded Events.</summary>
internal sealed class KeptEvents : IEventRecorder
{
    private readonly ConcurrentQueue<(string Regarding, string Type, string Reason, string Note)> _events = new();

    public IReadOnlyList<(string Regarding, string Type, string Reason, string Note)> All => [.. _events];

    public void Record(V1ObjectReference regarding, string type, string reason, string action, string note) =>
        _events.Enqueue(($"{regarding.Kind} {regarding.NamespaceProperty}/{regarding.Name}", type, reason, note));
}
