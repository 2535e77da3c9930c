using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Exposure;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Network;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Ports;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Enforcement.Tests.Scenarios;

/// <summary>
/// The objects of a scenario by kind. A NetworkPolicy is a policy in force. Objects with a built-in controller as owner are skipped, because
/// the operator does not read them.
/// </summary>
/// <remarks>
/// Four kinds exist only here. <c>Answers</c> has the answers of the resolver, as <c>answers: {name: [address]}</c>; any other name is not
/// found. <c>Exposure</c> is a reference that exposes a Service to the outside. <c>Network</c> has the Pod ranges. <c>Gone</c> is a workload
/// or a Service as it was before it was deleted.
/// </remarks>
internal sealed class ScenarioObjects
{
    private static readonly JsonSerializerOptions _strict = new(ApiJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    private readonly List<Workload> _workloads = [];
    private readonly List<PartialService> _services = [];
    private readonly List<PartialEndpoints> _endpoints = [];
    private readonly List<Workload> _gone = [];
    private readonly List<PartialService> _goneServices = [];
    private readonly List<V1NetworkPolicy> _policies = [];
    private readonly List<(NamespacedName Service, ServiceExposure Reference)> _exposures = [];
    private readonly Dictionary<string, IPAddress[]> _answers = new(StringComparer.Ordinal);

    public ScenarioObjects(IReadOnlyList<JsonNode> objects)
    {
        foreach (var entity in objects)
        {
            Add(entity);
        }

        Network = Network with
        {
            Dns = [.. DnsServer.Services
                .Select(name => ServiceNamed(name.Namespace, name.Name))
                .Select(service => DnsServer.Read(service, Behind(service)))
                .OfType<DnsServer>()],
        };
    }

    public ClusterNetwork Network { get; private set; } = new();

    public Dictionary<string, V1Namespace> Namespaces { get; } = [];

    public List<ClientIntents> Intents { get; } = [];

    public List<ProtectedService> Protections { get; } = [];

    public List<EnforcementPolicy> Enforcements { get; } = [];

    public List<Workload> ApiServerProxies =>
        _workloads.FindAll(workload => WellKnownIngressControllers.FindKeys(workload).Contains(WellKnownIngressControllers.ApiServerProxy));

    public List<Workload> WorkloadsNamed(string @namespace, string name) => _workloads
        .FindAll(workload => workload.Namespace == @namespace && workload.Name == name)
        .ConvertAll(workload => WithPodsOf(workload).Count == 0 ? workload : workload.WithExactSelector())
        .ConvertAll(workload => workload with { Overlaps = WithPodsOf(workload) });

    public List<Workload> GoneNamed(string @namespace, string name) =>
        _gone.FindAll(workload => workload.Namespace == @namespace && workload.Name == name);

    public List<Workload> Matching(string @namespace, V1LabelSelector selector) =>
        _workloads.FindAll(workload => workload.Namespace == @namespace && SelectorMatch.Matches(selector, workload.PodLabels));

    public List<Workload> Behind(PartialService? service) => service?.Spec?.Selector is { Count: > 0 } selector
        ? Matching(service.Metadata.NamespaceProperty!, new V1LabelSelector { MatchLabels = selector })
        : [];

    public PartialService? GoneService(string @namespace, string name) =>
        _goneServices.Find(service => service.Metadata.Name == name && service.Metadata.NamespaceProperty == @namespace);

    public List<ExposedService> ServicesIn(string @namespace) => _services
        .FindAll(service => service.Metadata.NamespaceProperty == @namespace)
        .ConvertAll(service => new ExposedService(
            service, [.. _exposures.Where(exposure => exposure.Service == NamespacedName.From(service)).Select(exposure => exposure.Reference)]));

    public List<V1NetworkPolicy> PoliciesOf(PolicyKey key) => _policies.FindAll(policy => PolicyMetadataReader.ReadKey(policy) == key);

    /// <summary>The subjects of the policies in force.</summary>
    public IEnumerable<PolicyKey> Subjects => _policies.Select(PolicyMetadataReader.ReadKey).OfType<PolicyKey>();

    public bool HasPolicy(string @namespace, string name) =>
        _policies.Exists(policy => policy.Metadata.Name == name && policy.Metadata.NamespaceProperty == @namespace);

    public PartialService? ServiceNamed(string @namespace, string name) =>
        _services.Find(service => service.Metadata.Name == name && service.Metadata.NamespaceProperty == @namespace);

    public IReadOnlyList<EndpointGroup> EndpointsOf(PolicyKey service) => _endpoints
        .Where(endpoints => endpoints.Metadata.Name == service.Name && endpoints.Metadata.NamespaceProperty == service.Namespace)
        .SelectMany(endpoints => endpoints.Subsets ?? [])
        .Select(subset => new EndpointGroup(
            (subset.Addresses ?? []).ConvertAll(address => address.Ip!),
            (subset.Ports ?? []).ConvertAll(port => new EndpointPort(port.Name, new PolicyPort(port.Protocol ?? "TCP", port.Port)))))
        .ToList();

    public DomainAnswer AnswerOf(string domain) => _answers.TryGetValue(domain, out var addresses)
        ? new DomainHistory(domain).WithAnswer(addresses, DateTimeOffset.UnixEpoch).Answer
        : DomainAnswer.Unresolvable(domain);

    private List<Workload> WithPodsOf(Workload workload) => _workloads.FindAll(other =>
        !other.IsOwned && other.Namespace == workload.Namespace && (other.Kind, other.Name) != (workload.Kind, workload.Name)
        && SelectorMatch.Matches(workload.PodSelector, other.PodLabels));

    private void Add(JsonNode entity)
    {
        switch ((string?)entity["kind"])
        {
            case "Namespace":
                var added = Read(entity, SourceGenerationContext.Default.V1Namespace);
                Namespaces.Add(added.Metadata.Name!, added);
                break;
            case "Service":
                _services.Add(Read(entity, PartialObjectJson.Default.PartialService));
                break;
            case "Endpoints":
                _endpoints.Add(Read(entity, PartialObjectJson.Default.PartialEndpoints));
                break;
            case "NetworkPolicy":
                _policies.Add(Read(entity, SourceGenerationContext.Default.V1NetworkPolicy));
                break;
            case "Gone" when entity["service"] is { } service:
                _goneServices.Add(Read(service, PartialObjectJson.Default.PartialService));
                break;
            case "Gone":
                _gone.Add(ReadWorkload(entity["workload"]!));
                break;
            case "Network":
                Network = Network with
                {
                    PodRanges = [.. (entity["podRanges"]?.AsArray() ?? []).Select(range => IPNetwork.Parse((string)range!))],
                    SupportsPortRanges = (bool?)entity["portRanges"] ?? true,
                };
                break;
            case "Exposure":
                AddExposure(entity);
                break;
            case "Answers":
                AddAnswers(entity["answers"]!.AsObject());
                break;
            case "ClientIntents":
                Intents.Add(ReadStrictly<ClientIntents>(entity));
                break;
            case "ProtectedService":
                Protections.Add(ReadStrictly<ProtectedService>(entity));
                break;
            case "EnforcementPolicy":
                Enforcements.Add(ReadStrictly<EnforcementPolicy>(entity));
                break;
            default:
                AddWorkload(entity);
                break;
        }
    }

    private void AddWorkload(JsonNode entity)
    {
        var owners = (entity["metadata"]?["ownerReferences"]?.AsArray() ?? []).OfType<JsonNode>();
        if (!owners.Any(owner => (string?)owner["apiVersion"] is "apps/v1" or "batch/v1" or "v1"))
        {
            _workloads.Add(ReadWorkload(entity));
        }
    }

    private void AddExposure(JsonNode entity)
    {
        var controller = (string?)entity["controller"];
        var pods = controller is not null && WellKnownIngressControllers.FindKey(controller) is { } key
            ? _workloads.FindAll(workload => WellKnownIngressControllers.FindKeys(workload).Contains(key))
            : [];
        var match = (bool?)entity["apiServer"] == true ? null : new IngressControllerMatch((string?)entity["class"], controller, pods);
        _ = DeclaredPort.ParseOrGetError(entity["port"]!.Deserialize(SourceGenerationContext.Default.IntOrString), allowsNames: true, out var port);
        var service = ((string)entity["service"]!).Split('/');
        _exposures.Add((new NamespacedName(service[0], service[1]), new ServiceExposure((string)entity["source"]!, port, match)));
    }

    private void AddAnswers(JsonObject answers)
    {
        foreach (var (domain, addresses) in answers)
        {
            _answers.Add(domain, [.. addresses!.AsArray().Select(address => IPAddress.Parse((string)address!))]);
        }
    }

    private static Workload ReadWorkload(JsonNode entity) => (string?)entity["kind"] switch
    {
        "Deployment" => Workload.From(Read(entity, PartialObjectJson.Default.PartialDeployment)),
        "StatefulSet" => Workload.From(Read(entity, PartialObjectJson.Default.PartialStatefulSet)),
        "DaemonSet" => Workload.From(Read(entity, PartialObjectJson.Default.PartialDaemonSet)),
        "CronJob" => Workload.From(Read(entity, PartialObjectJson.Default.PartialCronJob)),
        "Job" => Workload.From(Read(entity, PartialObjectJson.Default.PartialJob)),
        "ReplicaSet" => Workload.From(Read(entity, PartialObjectJson.Default.PartialReplicaSet)),
        "Pod" => Workload.From(Read(entity, PartialObjectJson.Default.PartialPod)),
        var kind => throw new InvalidOperationException($"A scenario cannot have a {kind}."),
    };

    // Rejects unknown fields, because a misspelled field would declare nothing.
    private static T ReadStrictly<T>(JsonNode entity) => entity.Deserialize((JsonTypeInfo<T>)_strict.GetTypeInfo(typeof(T)))!;

    private static T Read<T>(JsonNode entity, JsonTypeInfo<T> json) => entity.Deserialize(json)!;
}
