using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Internet;
using Wayleave.Enforcement.Policies;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Enforcement.Tests.Scenarios;

/// <summary>
/// The objects of a scenario by kind. Beside those of the API there is <c>Answers</c>: what the resolver says of each name, as
/// <c>answers: {name: [address]}</c>; a name that is not in it was not found.
/// </summary>
internal sealed class ScenarioObjects
{
    private readonly List<Workload> _workloads = [];
    private readonly List<V1Service> _services = [];
    private readonly List<V1Endpoints> _endpoints = [];
    private readonly Dictionary<string, IPAddress[]> _answers = new(StringComparer.Ordinal);

    public ScenarioObjects(IReadOnlyList<JsonNode> objects)
    {
        foreach (var entity in objects)
        {
            Add(entity);
        }
    }

    public Dictionary<string, V1Namespace> Namespaces { get; } = [];

    public List<ClientIntents> Intents { get; } = [];

    public List<ProtectedService> Protections { get; } = [];

    public List<EnforcementPolicy> Enforcements { get; } = [];

    public List<Workload> WorkloadsNamed(string @namespace, string name) =>
        _workloads.FindAll(workload => workload.Namespace == @namespace && workload.Name == name);

    public V1Service? ServiceNamed(string @namespace, string name) =>
        _services.Find(service => service.Metadata.Name == name && service.Metadata.NamespaceProperty == @namespace);

    public IReadOnlyList<EndpointGroup> EndpointsOf(SubjectKey service) => _endpoints
        .Where(endpoints => endpoints.Metadata.Name == service.Name && endpoints.Metadata.NamespaceProperty == service.Namespace)
        .SelectMany(endpoints => endpoints.Subsets ?? [])
        .Select(subset => new EndpointGroup(
            (subset.Addresses ?? []).ConvertAll(address => address.Ip!),
            (subset.Ports ?? []).ConvertAll(port => new EndpointPort(port.Name, new PolicyPort(port.Protocol ?? "TCP", port.Port)))))
        .ToList();

    public DomainAnswer AnswerOf(string domain) => _answers.TryGetValue(domain, out var addresses)
        ? new DomainHistory(domain).WithAnswer(addresses, DateTimeOffset.UnixEpoch).Answer
        : DomainAnswer.Unresolvable(domain);

    private void Add(JsonNode entity)
    {
        switch ((string?)entity["kind"])
        {
            case "Namespace":
                var added = Read(entity, KubernetesJson.Default.V1Namespace);
                Namespaces.Add(added.Metadata.Name!, added);
                break;
            case "Service":
                _services.Add(Read(entity, KubernetesJson.Default.V1Service));
                break;
            case "Endpoints":
                _endpoints.Add(Read(entity, KubernetesJson.Default.V1Endpoints));
                break;
            case "Answers":
                AddAnswers(entity["answers"]!.AsObject());
                break;
            case "ClientIntents":
                Intents.Add(Read(entity, ApiJson.Default.ClientIntents));
                break;
            case "ProtectedService":
                Protections.Add(Read(entity, ApiJson.Default.ProtectedService));
                break;
            case "EnforcementPolicy":
                Enforcements.Add(Read(entity, ApiJson.Default.EnforcementPolicy));
                break;
            default:
                _workloads.Add(ReadWorkload(entity));
                break;
        }
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
        "Deployment" => Workload.Of(Read(entity, KubernetesJson.Default.V1Deployment)),
        "StatefulSet" => Workload.Of(Read(entity, KubernetesJson.Default.V1StatefulSet)),
        "DaemonSet" => Workload.Of(Read(entity, KubernetesJson.Default.V1DaemonSet)),
        "CronJob" => Workload.Of(Read(entity, KubernetesJson.Default.V1CronJob)),
        "Job" => Workload.Of(Read(entity, KubernetesJson.Default.V1Job)),
        "ReplicaSet" => Workload.Of(Read(entity, KubernetesJson.Default.V1ReplicaSet)),
        "Pod" => Workload.Of(Read(entity, KubernetesJson.Default.V1Pod)),
        var kind => throw new InvalidOperationException($"A scenario cannot have a {kind}."),
    };

    private static T Read<T>(JsonNode entity, JsonTypeInfo<T> json) => entity.Deserialize(json)!;
}
