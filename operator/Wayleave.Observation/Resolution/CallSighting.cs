using System.Collections.Immutable;
using System.Net;

namespace Wayleave.Observation.Resolution;

/// <summary>What kind of target a call has: the key of a target in a declaration.</summary>
internal enum CallTargetType
{
    /// <summary>A workload: <c>kubernetes</c>.</summary>
    Workload,

    /// <summary>The API server, or a Service without known Pods: <c>service</c>.</summary>
    Service,

    /// <summary><c>internet.domains</c>.</summary>
    Domain,

    /// <summary><c>internet.ips</c>.</summary>
    Address,
}

/// <summary>A target of calls, without ports. Two calls of a client with an equal target are one call.</summary>
/// <param name="Namespace">Empty outside the cluster.</param>
/// <param name="Kind">The kind of a workload. Empty for any other target, and for Pods that are named by their labels.</param>
/// <param name="Name">The name of the workload or Service, the domain, or the address as text.</param>
internal readonly record struct CallTarget(CallTargetType Type, string Namespace, string Kind, string Name)
{
    /// <summary>The order of calls in an object.</summary>
    public static IComparer<CallTarget> Order { get; } = Comparer<CallTarget>.Create(Compare);

    /// <summary>A workload in the cluster.</summary>
    public static CallTarget Workload(WorkloadIdentity workload)
    {
        var (@namespace, kind, name) = workload.Key;
        return new CallTarget(CallTargetType.Workload, @namespace, workload.Labels is null ? kind : "", name);
    }

    public static CallTarget Service(ObjectKey service) => new(CallTargetType.Service, service.Namespace, "", service.Name);

    public static CallTarget Domain(string name) => new(CallTargetType.Domain, "", "", name);

    public static CallTarget Address(IPAddress address) => new(CallTargetType.Address, "", "", address.ToString());

    private static int Compare(CallTarget one, CallTarget other)
    {
        var order = one.Type.CompareTo(other.Type);
        order = order != 0 ? order : string.CompareOrdinal(one.Namespace, other.Namespace);
        order = order != 0 ? order : string.CompareOrdinal(one.Name, other.Name);
        return order != 0 ? order : string.CompareOrdinal(one.Kind, other.Kind);
    }
}

/// <summary>
/// Calls of a workload to one port of one target, as they were seen in one batch. A workload that calls itself, as the members of a
/// database cluster do, is recorded as any other: a policy for it has to allow that too.
/// </summary>
internal sealed record CallSighting
{
    public required WorkloadKey Client { get; init; }

    public required CallTarget Target { get; init; }

    /// <summary>The labels of the target's Pods, if it is named by them. Null otherwise.</summary>
    public ImmutableSortedDictionary<string, string>? Labels { get; init; }

    /// <summary>The called ports of the target. Empty if they are not known.</summary>
    public ImmutableArray<int> Ports { get; init; } = [];

    /// <summary>The Service that was called. Null if a Pod was called by its own address.</summary>
    public ObjectKey? Service { get; init; }

    /// <summary>Whether other workloads stand behind the called address too, and it is not known which of them answered.</summary>
    public bool IsAmbiguous { get; init; }

    /// <summary>Whether the call is from or to a component of the cluster.</summary>
    public bool IsInfrastructure { get; init; }

    /// <summary>One of <see cref="Wayleave.Api.ObservedSources"/>.</summary>
    public required string Source { get; init; }

    public long Connected { get; init; }

    public long Refused { get; init; }

    public long Unanswered { get; init; }

    public required DateTimeOffset First { get; init; }

    public required DateTimeOffset Last { get; init; }

    /// <summary>The addresses that DNS answered for a domain.</summary>
    public ImmutableArray<IPAddress> Addresses { get; init; } = [];
}

/// <summary>Why a flow or an answer is not in the map. A closed list: it is a label of a metric.</summary>
internal enum UnresolvedReason
{
    /// <summary>The sensor named a Pod that the API server did not have within a minute.</summary>
    UnknownPod,

    /// <summary>No Pod of the sensor's node had the address of the client.</summary>
    UnknownClient,

    /// <summary>The Pod of the client is not on the node of the sensor.</summary>
    OtherNode,

    /// <summary>The ReplicaSet or Job of a Pod was not known within a minute.</summary>
    UnknownOwner,

    /// <summary>The called address is one of the cluster, and nothing had it.</summary>
    UnknownAddress,

    /// <summary>A node called, for example the kubelet with a probe. This is no loss: a node is not a workload.</summary>
    NodeClient,

    /// <summary>A node was called. This is no loss: a node is not a workload.</summary>
    NodeServer,

    /// <summary>An address that is not called over a network, such as loopback or multicast.</summary>
    LocalAddress,

    /// <summary>It had to wait for a Pod, and too many others waited.</summary>
    TooManyWaiting,

    /// <summary>There are more workloads than the map holds.</summary>
    TooManyWorkloads,
}

internal sealed record FlowResolution
{
    /// <summary>Several if it is not known which workload answered. Empty if there is a reason.</summary>
    public ImmutableArray<CallSighting> Calls { get; init; } = [];

    /// <summary>Why there is no call. Null if there is.</summary>
    public UnresolvedReason? Reason { get; init; }

    /// <summary>Whether it may be resolved later, when the API server has told more.</summary>
    public bool CanWait { get; init; }

    internal static FlowResolution Drop(UnresolvedReason reason) => new() { Reason = reason };

    internal static FlowResolution Wait(UnresolvedReason reason) => new() { Reason = reason, CanWait = true };
}
