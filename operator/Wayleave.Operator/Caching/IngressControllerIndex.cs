using System.Collections.Immutable;
using Wayleave.Enforcement.Exposure;
using Wayleave.Enforcement.Workloads;

namespace Wayleave.Operator.Caching;

/// <summary>The workloads of well-known ingress controllers, found by the labels of their Pods. Thread-safe.</summary>
internal sealed class IngressControllerIndex
{
    private readonly Lock _lock = new();
    private ImmutableDictionary<string, ImmutableList<Workload>> _workloads =
        ImmutableDictionary.Create<string, ImmutableList<Workload>>(StringComparer.Ordinal);

    /// <summary>Called when a controller has other workloads than before.</summary>
    public Action? Changed { get; set; }

    /// <summary>The workloads of a controller, ordered by namespace, kind and name.</summary>
    public IReadOnlyList<Workload> Find(string key) => Volatile.Read(ref _workloads).GetValueOrDefault(key) ?? [];

    public void Replace(Workload? old, Workload? now)
    {
        var before = WellKnownIngressControllers.FindKeys(old).ToList();
        var after = WellKnownIngressControllers.FindKeys(now).ToList();
        if (before.Count == 0 && after.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            var workloads = _workloads;
            foreach (var key in before)
            {
                workloads = workloads.SetItem(key, workloads[key].RemoveAll(workload => IsSame(workload, old!)));
            }

            foreach (var key in after)
            {
                workloads = workloads.SetItem(
                    key, [.. (workloads.GetValueOrDefault(key) ?? []).Add(now!).OrderBy(Place, StringComparer.Ordinal)]);
            }

            Volatile.Write(ref _workloads, workloads);
        }

        Changed?.Invoke();
    }

    private static string Place(Workload workload) => $"{workload.Namespace}/{workload.Kind}/{workload.Name}";

    private static bool IsSame(Workload left, Workload right) =>
        left.Kind == right.Kind && left.Namespace == right.Namespace && left.Name == right.Name;
}
