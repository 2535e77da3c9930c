using System.Text.Json.Serialization;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Kubernetes.Serialization;

/// <summary>
/// Source-generated JSON of those kinds of the client library that are used. The library's own <see cref="SourceGenerationContext"/>
/// knows all of its seven hundred types, and a native program would hold the code and the type data of each in memory
/// (<c>ILLink.Substitutions.xml</c> leaves it out).
/// </summary>
[JsonSerializable(typeof(Authenticationv1TokenRequest))]
[JsonSerializable(typeof(V1ConfigMap))]
[JsonSerializable(typeof(V1DeleteOptions))]
[JsonSerializable(typeof(Eventsv1Event))]
[JsonSerializable(typeof(V1Ingress))]
[JsonSerializable(typeof(V1IngressClass))]
[JsonSerializable(typeof(V1Lease))]
[JsonSerializable(typeof(V1Namespace))]
[JsonSerializable(typeof(V1NetworkPolicy))]
[JsonSerializable(typeof(V1Node))]
[JsonSerializable(typeof(V1Secret))]
[JsonSerializable(typeof(V1SelfSubjectAccessReview))]
[JsonSerializable(typeof(V1ServiceCIDR))]
[JsonSerializable(typeof(V1SubjectAccessReview))]
[JsonSerializable(typeof(V1TokenReview))]
[JsonSerializable(typeof(V1APIResourceList))]
[JsonSerializable(typeof(V1ListMeta))]
[JsonSerializable(typeof(V1Status))]
[JsonSerializable(typeof(VersionInfo))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(TimeConverter)])]
public sealed partial class LibraryObjectJson : JsonSerializerContext;

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
