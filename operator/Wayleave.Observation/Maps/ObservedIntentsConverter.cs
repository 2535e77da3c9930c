using System.Collections.Immutable;
using System.Net;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Models;
using Wayleave.Observation.Resolution;

namespace Wayleave.Observation.Maps;

/// <summary>Makes the object of a workload from its calls, and reads it back. The same calls give the same object.</summary>
internal static class ObservedIntentsConverter
{
    // Keeps the largest object well below what etcd stores.
    private const int MaxAddresses = 5000;

    public static ObservedIntents ToObject(WorkloadEntry entry)
    {
        var workload = entry.Workload;
        var domains = entry.Calls.Keys.Count(target => target.Type == CallTargetType.Domain);
        var addresses = Math.Clamp(MaxAddresses / Math.Max(1, domains), 1, CallState.MaxAddresses);
        var calls = entry.Calls.OrderBy(call => call.Key, CallTarget.Order)
            .SelectMany(call => call.Value.Groups.Select(group => ToCall(workload.Namespace, call.Key, call.Value, group, addresses)))
            .ToList();
        return new ObservedIntents
        {
            Metadata = new V1ObjectMeta
            {
                Name = ObjectNames.ForWorkload(workload),
                NamespaceProperty = workload.Namespace,
                Uid = entry.Uid,
            },
            Workload = new ObservedWorkload { Name = workload.Name, Kind = workload.Kind },
            Since = CallState.ToSecond(entry.Since).UtcDateTime,
            Calls = [.. calls.Take(WorkloadEntry.MaxCalls)],
            Truncated = entry.IsTruncated || calls.Count > WorkloadEntry.MaxCalls ? true : null,
            Telemetry = entry.Tally,
        };
    }

    /// <summary>Reads a stored object.</summary>
    /// <param name="countsDiscoveries">Whether the entry goes on counting.</param>
    /// <returns>Null if the mapper did not write it: its name is not that of its workload.</returns>
    public static WorkloadEntry? Read(ObservedIntents stored, bool countsDiscoveries)
    {
        var workload = new WorkloadKey(stored.Metadata.NamespaceProperty ?? "", stored.Workload.Kind, stored.Workload.Name);
        if (workload.Kind.Length == 0 || stored.Metadata.Name != ObjectNames.ForWorkload(workload))
        {
            return null;
        }

        var entry = new WorkloadEntry(workload)
        {
            Since = ToUtc(stored.Since),
            IsTruncated = stored.Truncated == true,
            Tally = countsDiscoveries ? stored.Telemetry ?? new DiscoveryTally() : null,
            Uid = stored.Metadata.Uid,
        };
        foreach (var call in stored.Calls)
        {
            if (ReadTarget(call.Target, workload.Namespace) is { } target)
            {
                var state = entry.Calls.GetValueOrDefault(target) ?? (entry.Calls[target] = new CallState());
                state.Restore(ReadCall(workload, target, call), ConnectionBuckets.Parse(call.Connections), call.Outcome, call.Sources);
            }
        }

        return entry;
    }

    private static ObservedCall ToCall(string @namespace, CallTarget target, CallState call, CallGroup group, int maxAddresses)
    {
        var (first, hour) = (CallState.ToSecond(call.First), CallState.ToHour(call.Last));
        return new ObservedCall
        {
            Target = ToTarget(@namespace, target, call, group),
            Service = call.Service is { } service ? ObjectNames.ToReference(service.Namespace, service.Name, @namespace) : null,
            Class = call.IsInfrastructure ? ObservedClasses.Infrastructure : null,
            Sources = [.. call.Sources],
            Outcome = group.Outcome,
            First = first.UtcDateTime,
            Last = (hour > first ? hour : first).UtcDateTime,
            Connections = ConnectionBuckets.Format(group.Connections),
            Ambiguous = call.IsAmbiguous ? true : null,
            Addresses = target.Type == CallTargetType.Domain ? ToAddresses(call, maxAddresses) : null,
        };
    }

    // Sorted, so that the object does not change when the same addresses are answered in another order.
    private static List<string>? ToAddresses(CallState call, int max)
    {
        var addresses = call.Addresses.Take(max).Select(address => address.ToString()).Order(StringComparer.Ordinal).ToList();
        return addresses.Count > 0 ? addresses : null;
    }

    private static IntentTarget ToTarget(string @namespace, CallTarget target, CallState call, CallGroup group)
    {
        var name = ObjectNames.ToReference(target.Namespace, target.Name, @namespace);
        var ports = group.Ports.Count > 0 ? group.Ports.Select(port => new PortNumberOrName(port)).ToList() : null;
        return target.Type switch
        {
            CallTargetType.Workload => new IntentTarget
            {
                Kubernetes = new KubernetesTarget
                {
                    Name = name,
                    Kind = target.Kind.Length > 0 ? target.Kind : null,
                    Selector = call.Labels is { Count: > 0 } labels
                        ? new V1LabelSelector { MatchLabels = new Dictionary<string, string>(labels, StringComparer.Ordinal) }
                        : null,
                    Ports = ports,
                },
            },

            // The API server is named in full, as everyone knows it.
            CallTargetType.Service => new IntentTarget
            {
                Service = new ServiceTarget
                {
                    Name = ServiceHistory.IsApiServer(new ObjectKey(target.Namespace, target.Name))
                        ? $"{target.Name}.{target.Namespace}"
                        : name,
                    Ports = ports,
                },
            },
            CallTargetType.Domain => new IntentTarget { Internet = new InternetTarget { Domains = [target.Name], Ports = ports } },
            _ => new IntentTarget { Internet = new InternetTarget { Ips = [ToRange(target.Name)], Ports = ports } },
        };
    }

    private static string ToRange(string address) => address.Contains(':', StringComparison.Ordinal) ? $"{address}/128" : $"{address}/32";

    private static CallTarget? ReadTarget(IntentTarget target, string @namespace)
    {
        switch (target)
        {
            case { Kubernetes: { } workload }:
                var (space, name) = ObjectNames.ParseReference(workload.Name, @namespace);
                return new CallTarget(CallTargetType.Workload, space, workload.Kind ?? "", name);
            case { Service: { } service }:
                var (home, called) = ObjectNames.ParseReference(service.Name, @namespace);
                return CallTarget.Service(new ObjectKey(home, called));
            case { Internet.Domains: [var domain] }:
                return CallTarget.Domain(domain);
            case { Internet.Ips: [var range] } when IPAddress.TryParse(range.Split('/')[0], out var address):
                return CallTarget.Address(address);
            default:
                return null;
        }
    }

    private static CallSighting ReadCall(WorkloadKey client, CallTarget target, ObservedCall call) => new()
    {
        Client = client,
        Target = target,
        Labels = ReadLabels(call.Target.Kubernetes),
        Ports = [.. (call.Target.Kubernetes?.Ports ?? call.Target.Service?.Ports ?? call.Target.Internet?.Ports ?? [])
            .Select(port => port.Number).Where(port => port > 0)],
        Service = call.Service is { } service && ObjectNames.ParseReference(service, client.Namespace) is var (@namespace, name)
            ? new ObjectKey(@namespace, name)
            : null,
        IsAmbiguous = call.Ambiguous == true,
        IsInfrastructure = call.Class == ObservedClasses.Infrastructure,
        Source = "",
        First = ToUtc(call.First),
        Last = ToUtc(call.Last),
        Addresses =
        [
            .. (call.Addresses ?? []).Select(text => IPAddress.TryParse(text, out var address) ? address : null).OfType<IPAddress>(),
        ],
    };

    // Pods that are named by labels stay so, also if no label is left that all of them have.
    private static ImmutableSortedDictionary<string, string>? ReadLabels(KubernetesTarget? target) =>
        target is not { Kind: null } ? null
        : target.Selector?.MatchLabels is { } labels ? labels.ToImmutableSortedDictionary(StringComparer.Ordinal)
        : ImmutableSortedDictionary<string, string>.Empty;

    // Another client may have written the object: no arithmetic on a time must overflow.
    private static DateTimeOffset ToUtc(DateTime time) =>
        new(DateTime.SpecifyKind(time > DateTime.UnixEpoch ? time : DateTime.UnixEpoch, DateTimeKind.Utc));
}
