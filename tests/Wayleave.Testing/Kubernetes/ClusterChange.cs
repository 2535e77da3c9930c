using System.Text.Json.Nodes;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Testing.Kubernetes;

/// <summary>A change to an object. Immutable.</summary>
internal sealed record ClusterChange(long Version, WatchEventType Type, JsonObject Object);
