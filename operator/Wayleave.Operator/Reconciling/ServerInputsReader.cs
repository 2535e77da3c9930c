using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Enforcement.Targets;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Models;
using Wayleave.Operator.Caching;

namespace Wayleave.Operator.Reconciling;

/// <summary>Gathers from the caches all that a decision about one server depends on. Makes no API request.</summary>
internal sealed class ServerInputsReader(ClusterCache cache, NamespaceModes modes)
{
    public ServerInputs Read(ServerKey key)
    {
        var isWorkload = key.Type == ServerType.Workload;
        return new ServerInputs
        {
            Key = key,
            Calls = Calls(key),
            Protections = isWorkload ? cache.Protections.Store.ByIndex(IndexNames.Server, key.ToString()) : [],
            Candidates = isWorkload ? cache.Workloads.Find(key.Namespace, key.Name) : [],
            Service = isWorkload ? null : cache.Services.Store.Get(new NamespacedName(key.Namespace, key.Name)),
            NamespaceExists = Namespace(key.Namespace) is { } @namespace && @namespace.Metadata.DeletionTimestamp is null,
            Mode = modes.For(key.Namespace),
        };
    }

    private List<DeclaredCall> Calls(ServerKey key)
    {
        var calls = new List<DeclaredCall>();
        foreach (var intents in cache.Intents.Store.ByIndex(IndexNames.Server, key.ToString()))
        {
            var clientNamespace = intents.Metadata.NamespaceProperty ?? "";
            if (DeclaredClient.Reference(intents) is not { } reference)
            {
                continue;
            }

            var client = WorkloadResolver.Resolve(reference.Kind, cache.Workloads.Find(clientNamespace, reference.Name));
            var state = ClientNamespaceStates.Of(Namespace(clientNamespace));
            calls.AddRange(DeclaredTargets.To(intents, key)
                .Select(target => new DeclaredCall(intents, target.Index, target.Reference!, client, state)));
        }

        return calls;
    }

    private V1Namespace? Namespace(string name) => cache.Namespaces.Store.Get(new NamespacedName("", name));
}
