using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Kubernetes.Tests.Support;

/// <summary>A lease as an API server stores it. Every write makes a new version; a write that names another version is a conflict.</summary>
internal sealed class FakeLeaseServer
{
    private readonly Lock _lock = new();
    private JsonObject? _lease;
    private int _version = 100;

    /// <summary>The holder after every write.</summary>
    public List<string?> Holders { get; } = [];

    public V1Lease? Read()
    {
        lock (_lock)
        {
            return _lease is null ? null : _lease.Deserialize(SourceGenerationContext.Default.V1Lease);
        }
    }

    public V1Lease Create(V1Lease lease)
    {
        lock (_lock)
        {
            return _lease is null ? Store(JsonSerializer.SerializeToNode(lease, SourceGenerationContext.Default.V1Lease)!.AsObject()) : throw Conflict("AlreadyExists");
        }
    }

    public V1Lease Patch(string patch)
    {
        lock (_lock)
        {
            var change = JsonNode.Parse(patch)!.AsObject();
            if (change["metadata"]!["resourceVersion"]?.ToString() is { } version && version != $"{_version}")
            {
                throw Conflict("Conflict");
            }

            var lease = _lease!.DeepClone().AsObject();
            foreach (var (field, value) in change["spec"]!.AsObject())
            {
                (lease["spec"] ??= new JsonObject())[field] = value?.DeepClone();
            }

            return Store(lease);
        }
    }

    /// <summary>Writes as another client, and replaces what is stored.</summary>
    public void Put(V1LeaseSpec? spec)
    {
        lock (_lock)
        {
            var lease = new V1Lease { Metadata = new() { Name = "leader", NamespaceProperty = "system" }, Spec = spec };
            Store(JsonSerializer.SerializeToNode(lease, SourceGenerationContext.Default.V1Lease)!.AsObject());
        }
    }

    private static KubernetesException Conflict(string reason) => ApiErrors.Create(new V1Status { Reason = reason }, HttpStatusCode.Conflict);

    private V1Lease Store(JsonObject lease)
    {
        lease["metadata"]!["resourceVersion"] = $"{++_version}";
        _lease = lease;
        var stored = Read()!;
        Holders.Add(stored.Spec?.HolderIdentity);
        return stored;
    }
}
