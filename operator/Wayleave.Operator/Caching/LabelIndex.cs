using k8s.Models;
using Wayleave.Enforcement.Selectors;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes;

namespace Wayleave.Operator.Caching;

/// <summary>Workloads by namespace and label. Not thread-safe.</summary>
internal sealed class LabelIndex
{
    // Most labels belong to one workload. It is stored without a list, which would take as much memory as the label.
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

    public IReadOnlyList<Workload> Find(string @namespace, string key, string value) =>
        _workloads.GetValueOrDefault((@namespace, key, value)) switch
        {
            null => [],
            List<Workload> several => several,
            var one => [(Workload)one],
        };

    private static bool IsSame(Workload left, Workload right) => left.Kind == right.Kind && left.Name == right.Name;
}

/// <summary>
/// Finds workloads whose selectors match Pods of other workloads, in both directions, by label. A policy for one workload then also applies
/// to the others. Thread-safe.
/// </summary>
internal sealed class SelectorOverlaps
{
    // The key of selectors without matchLabels, which are compared with every workload of the namespace.
    private static readonly KeyValuePair<string, string> _everywhere = new("", "");

    private readonly Lock _lock = new();
    private readonly LabelIndex _pods = new();
    private readonly LabelIndex _selectors = new();

    public void Replace(Workload? old, Workload? now)
    {
        lock (_lock)
        {
            if (old is not null)
            {
                Labels(old).ForEach(label => _pods.Remove(old, label.Key, label.Value));
                _selectors.Remove(old, Place(old.PodSelector).Key, Place(old.PodSelector).Value);
            }

            if (now is not null)
            {
                Labels(now).ForEach(label => _pods.Add(now, label.Key, label.Value));
                _selectors.Add(now, Place(now.PodSelector).Key, Place(now.PodSelector).Value);
            }
        }
    }

    /// <summary>The others whose pods the workload's selector matches.</summary>
    public IReadOnlyList<Workload> WithPodsOf(Workload workload)
    {
        var place = Place(workload.PodSelector);
        lock (_lock)
        {
            return _pods.Find(workload.Namespace, place.Key, place.Value)
                .Where(other => !IsSame(other, workload) && SelectorMatch.Matches(workload.PodSelector, other.PodLabels))
                .ToList();
        }
    }

    /// <summary>All whose pods a selector matches.</summary>
    public IReadOnlyList<Workload> WithPodsMatching(string @namespace, V1LabelSelector selector)
    {
        var place = Place(selector);
        lock (_lock)
        {
            return _pods.Find(@namespace, place.Key, place.Value)
                .Where(workload => SelectorMatch.Matches(selector, workload.PodLabels))
                .ToList();
        }
    }

    /// <summary>The others whose selectors match the workload's pods.</summary>
    public IReadOnlyList<Workload> WithSelectorsFor(Workload workload)
    {
        lock (_lock)
        {
            return Labels(workload)
                .SelectMany(label => _selectors.Find(workload.Namespace, label.Key, label.Value))
                .Where(other => !IsSame(other, workload) && SelectorMatch.Matches(other.PodSelector, workload.PodLabels))
                .ToList();
        }
    }

    private static bool IsSame(Workload left, Workload right) => left.Kind == right.Kind && left.Name == right.Name;

    private static List<KeyValuePair<string, string>> Labels(Workload workload) => [_everywhere, .. workload.PodLabels.OrEmpty()];

    private static KeyValuePair<string, string> Place(V1LabelSelector selector) =>
        selector.MatchLabels is { Count: > 0 } labels ? labels.MinBy(label => label.Key, StringComparer.Ordinal) : _everywhere;
}
