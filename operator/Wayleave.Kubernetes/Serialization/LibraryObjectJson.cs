using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

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
