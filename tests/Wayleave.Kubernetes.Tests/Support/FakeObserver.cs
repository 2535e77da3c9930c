using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Informers;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>Writes down what it is shown.</summary>
internal sealed class FakeObserver : IListWatchObserver<V1ConfigMap>
{
    public List<string> Seen { get; } = [];

    public void ListBegan() => Seen.Add("list");

    public void Listed(V1ConfigMap entity) => Seen.Add(Text(entity));

    public void ListEnded(string? resourceVersion) => Seen.Add($"listed {resourceVersion}");

    public void Watched(WatchEventType type, V1ConfigMap entity) => Seen.Add($"{type} {Text(entity)}");

    public void Written(V1ConfigMap entity) => Seen.Add($"written {Text(entity)}");

    private static string Text(V1ConfigMap entity) => $"{entity.Metadata.Name}@{entity.Metadata.ResourceVersion}";
}
