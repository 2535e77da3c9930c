using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Wayleave.Api;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Models;
using Wayleave.Kubernetes.Serialization;

namespace Wayleave.Enforcement.Tests.Scenarios;

/// <summary>The objects of a scenario, and the gathering that the operator does from its caches.</summary>
internal sealed class ScenarioCluster
{
    private readonly Dictionary<string, V1Namespace> _namespaces = [];
    private readonly List<Workload> _workloads = [];
    private readonly List<V1Service> _services = [];
    private readonly NamespaceModes _modes;

    public ScenarioCluster(IEnumerable<JsonNode> objects, EnforcementMode mode)
    {
        _modes = new NamespaceModes(mode, "wayleave-system");
        foreach (var entity in objects)
        {
            Add(entity);
        }
    }

    public List<ClientIntents> Intents { get; } = [];

    public List<ProtectedService> Protections { get; } = [];

    public List<ServerPlan> Decide() => Intents.SelectMany(DeclaredTargets.Servers)
        .Concat(Protections.Select(DeclaredProtection.Server).OfType<ServerKey>())
        .Distinct()
        .Select(key => ServerDecision.Decide(Inputs(key)))
        .ToList();

    private ServerInputs Inputs(ServerKey key) => new()
    {
        Key = key,
        Calls = Intents.SelectMany(intents => Calls(intents, key)).ToList(),
        Protections = Protections.FindAll(protection => DeclaredProtection.Server(protection) == key),
        Candidates = key.Type == ServerType.Workload ? Candidates(key.Namespace, key.Name) : [],
        Service = _services.Find(service => service.Metadata.Name == key.Name && service.Metadata.NamespaceProperty == key.Namespace),
        NamespaceExists = _namespaces.ContainsKey(key.Namespace),
        Mode = _modes.For(key.Namespace),
    };

    private IEnumerable<DeclaredCall> Calls(ClientIntents intents, ServerKey key)
    {
        if (DeclaredClient.Reference(intents) is not { } client)
        {
            return [];
        }

        var resolution = WorkloadResolver.Resolve(client.Kind, Candidates(client.Namespace, client.Name));
        var state = ClientNamespaceStates.Of(_namespaces.GetValueOrDefault(client.Namespace));
        return DeclaredTargets.To(intents, key)
            .Select(target => new DeclaredCall(intents, target.Index, target.Reference!, resolution, state));
    }

    private List<Workload> Candidates(string @namespace, string name) =>
        _workloads.FindAll(workload => workload.Namespace == @namespace && workload.Name == name);

    private void Add(JsonNode entity)
    {
        switch ((string?)entity["kind"])
        {
            case "Namespace":
                var added = Read(entity, KubernetesJson.Default.V1Namespace);
                _namespaces.Add(added.Metadata.Name!, added);
                break;
            case "Service":
                _services.Add(Read(entity, KubernetesJson.Default.V1Service));
                break;
            case "ClientIntents":
                Intents.Add(Read(entity, ApiJson.Default.ClientIntents));
                break;
            case "ProtectedService":
                Protections.Add(Read(entity, ApiJson.Default.ProtectedService));
                break;
            default:
                _workloads.Add(ReadWorkload(entity));
                break;
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
