using System.Text.Json.Nodes;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Testing.Kubernetes;

/// <summary>One thing that happened to an object, which is never changed afterwards.</summary>
internal sealed record ClusterChange(long Version, WatchEventType Type, JsonObject Object);
