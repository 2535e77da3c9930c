using System.Text.Json.Serialization;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Serialization;

/// <summary>Source-generated JSON of the kinds that are read in part. All other kinds are the client library's.</summary>
[JsonSerializable(typeof(PartialDeployment))]
[JsonSerializable(typeof(PartialStatefulSet))]
[JsonSerializable(typeof(PartialDaemonSet))]
[JsonSerializable(typeof(PartialReplicaSet))]
[JsonSerializable(typeof(PartialJob))]
[JsonSerializable(typeof(PartialCronJob))]
[JsonSerializable(typeof(PartialPod))]
[JsonSerializable(typeof(PartialService))]
[JsonSerializable(typeof(PartialEndpoints))]
[JsonSerializable(typeof(PartialEndpointSlice))]
[JsonSerializable(typeof(PartialValidatingWebhookConfiguration))]
[JsonSerializable(typeof(PartialMutatingWebhookConfiguration))]
[JsonSerializable(typeof(PartialCustomResourceDefinition))]
[JsonSerializable(typeof(PartialAPIService))]
[JsonSerializable(typeof(V1GatewayClass))]
[JsonSerializable(typeof(V1Gateway))]
[JsonSerializable(typeof(V1beta1ReferenceGrant))]
[JsonSerializable(typeof(V1HTTPRoute))]
[JsonSerializable(typeof(V1GRPCRoute))]
[JsonSerializable(typeof(V1TLSRoute))]
[JsonSerializable(typeof(V1alpha2TLSRoute))]
[JsonSerializable(typeof(V1alpha2TCPRoute))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(List<string>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
public sealed partial class PartialObjectJson : JsonSerializerContext;
