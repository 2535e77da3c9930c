using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Records what it observes.</summary>
internal sealed class FakeObserver : IListWatchObserver<V1ConfigMap>
{
    public List<string> Seen { get; } = [];

    public void OnListStarted() => Seen.Add("list");

    public void OnListed(V1ConfigMap entity) => Seen.Add(Text(entity));

    public void OnListCompleted(string? resourceVersion) => Seen.Add($"listed {resourceVersion}");

    public void OnWatchEvent(WatchEventType type, V1ConfigMap entity) => Seen.Add($"{type} {Text(entity)}");

    public void OnLocalWrite(V1ConfigMap entity) => Seen.Add($"written {Text(entity)}");

    private static string Text(V1ConfigMap entity) => $"{entity.Metadata.Name}@{entity.Metadata.ResourceVersion}";
}
