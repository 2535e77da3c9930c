using System.Text.Json.Serialization;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Serialization;

/// <summary>Source-generated JSON of every model in this project. Fields that a model lacks are skipped on reading and never written.</summary>
[JsonSerializable(typeof(V1Namespace))]
[JsonSerializable(typeof(EntityList<V1Namespace>))]
[JsonSerializable(typeof(V1Deployment))]
[JsonSerializable(typeof(EntityList<V1Deployment>))]
[JsonSerializable(typeof(V1StatefulSet))]
[JsonSerializable(typeof(EntityList<V1StatefulSet>))]
[JsonSerializable(typeof(V1DaemonSet))]
[JsonSerializable(typeof(EntityList<V1DaemonSet>))]
[JsonSerializable(typeof(V1ReplicaSet))]
[JsonSerializable(typeof(EntityList<V1ReplicaSet>))]
[JsonSerializable(typeof(V1Job))]
[JsonSerializable(typeof(EntityList<V1Job>))]
[JsonSerializable(typeof(V1CronJob))]
[JsonSerializable(typeof(EntityList<V1CronJob>))]
[JsonSerializable(typeof(V1Pod))]
[JsonSerializable(typeof(EntityList<V1Pod>))]
[JsonSerializable(typeof(V1Service))]
[JsonSerializable(typeof(EntityList<V1Service>))]
[JsonSerializable(typeof(V1Endpoints))]
[JsonSerializable(typeof(EntityList<V1Endpoints>))]
[JsonSerializable(typeof(V1EndpointSlice))]
[JsonSerializable(typeof(EntityList<V1EndpointSlice>))]
[JsonSerializable(typeof(V1NetworkPolicy))]
[JsonSerializable(typeof(EntityList<V1NetworkPolicy>))]
[JsonSerializable(typeof(V1Lease))]
[JsonSerializable(typeof(EntityList<V1Lease>))]
[JsonSerializable(typeof(V1ConfigMap))]
[JsonSerializable(typeof(EntityList<V1ConfigMap>))]
[JsonSerializable(typeof(V1Node))]
[JsonSerializable(typeof(EntityList<V1Node>))]
[JsonSerializable(typeof(Eventsv1Event))]
[JsonSerializable(typeof(EntityList<Eventsv1Event>))]
[JsonSerializable(typeof(V1Status))]
[JsonSerializable(typeof(V1NetworkPolicySpec))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(V1DeleteOptions))]
[JsonSerializable(typeof(V1APIResourceList))]
[JsonSerializable(typeof(VersionInfo))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
public sealed partial class KubernetesJson : JsonSerializerContext;
