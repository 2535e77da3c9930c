using Wayleave.Enforcement.Workloads;

namespace Wayleave.Operator.Caching;

/// <summary>Workloads by namespace and label. Not thread-safe.</summary>
internal sealed class LabelIndex
{
    // Many labels are one workload's alone, which then stands for itself: a list for each would weigh as much as the labels.
    private readonly Dictionary<(string Namespace, string Key, string Value), object> _workloads = [];

    public void Add(Workload workload, string key, string value)
    {
        var place = (workload.Namespace, key, value);
        if (!_workloads.TryGetValue(place, out var known))
        {
            _workloads.Add(place, workload);
        }
        else if (known is List<Workload> several)
        {
            several.Add(workload);
        }
        else
        {
            _workloads[place] = new List<Workload> { (Workload)known, workload };
        }
    }

    public void Remove(Workload workload, string key, string value)
    {
        var place = (workload.Namespace, key, value);
        var known = _workloads.GetValueOrDefault(place);
        if ((known is Workload one && IsSame(one, workload))
            || (known is List<Workload> several && several.RemoveAll(other => IsSame(other, workload)) > 0 && several.Count == 0))
        {
            _workloads.Remove(place);
        }
    }

    public IReadOnlyList<Workload> Find(string @namespace, string key, string value) => _workloads.GetValueOrDefault((@namespace, key, value)) switch
    {
        null => [],
        List<Workload> several => several,
        var one => [(Workload)one],
    };

    private static bool IsSame(Workload left, Workload right) => left.Kind == right.Kind && left.Name == right.Name;
}
