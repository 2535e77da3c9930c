using Wayleave.Enforcement.Workloads;

namespace Wayleave.Operator.Caching;

/// <summary>Workloads by namespace and label. Not thread-safe.</summary>
internal sealed class LabelIndex
{
    private readonly Dictionary<(string Namespace, string Key, string Value), List<Workload>> _workloads = [];

    public void Add(Workload workload, string key, string value)
    {
        var place = (workload.Namespace, key, value);
        if (!_workloads.TryGetValue(place, out var workloads))
        {
            _workloads.Add(place, workloads = new List<Workload>(1));
        }

        workloads.Add(workload);
    }

    public void Remove(Workload workload, string key, string value)
    {
        var place = (workload.Namespace, key, value);
        if (_workloads.TryGetValue(place, out var workloads)
            && workloads.RemoveAll(known => known.Kind == workload.Kind && known.Name == workload.Name) > 0
            && workloads.Count == 0)
        {
            _workloads.Remove(place);
        }
    }

    public IReadOnlyList<Workload> Find(string @namespace, string key, string value) =>
        _workloads.TryGetValue((@namespace, key, value), out var workloads) ? workloads : [];
}
