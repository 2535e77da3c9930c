using System.Collections.Concurrent;
using Wayleave.Enforcement;
using Wayleave.Kubernetes;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Where the policy reconciler leaves its results for the reconcilers of declarations. Kept in memory alone: after a restart everything is decided again.
/// Safe for any number of threads.
/// </summary>
internal sealed class ResultStore
{
    private readonly ConcurrentDictionary<PolicyKey, PolicyResults> _subjects = new();

    /// <summary>How many policies would be there if Shadow were Enforce.</summary>
    public int ShadowedPolicies => _subjects.Values.Sum(results => results.ShadowedPolicies);

    public PolicyResults Of(PolicyKey subject) => _subjects.GetValueOrDefault(subject, PolicyResults.None);

    /// <summary>Replaces the results of a subject, and says for which objects that is news.</summary>
    public ChangedResults Publish(PolicyKey subject, PolicyResults results)
    {
        var before = Of(subject);
        if (results.IsEmpty)
        {
            _subjects.TryRemove(subject, out _);
        }
        else
        {
            _subjects[subject] = results;
        }

        // Whose policies they are decides who reports.
        var isMoved = before.Owners != results.Owners;
        return new ChangedResults(News(before.Calls, results.Calls, isMoved), News(before.Protections, results.Protections, isMoved));
    }

    /// <summary>
    /// Forgets everything. When this process leads again after another one did, what it found in its earlier term says nothing about now.
    /// </summary>
    public void Clear() => _subjects.Clear();

    private static List<NamespacedName> News<TResult>(
        IReadOnlyDictionary<NamespacedName, Judged<TResult>> before, IReadOnlyDictionary<NamespacedName, Judged<TResult>> now, bool areAll)
    {
        var news = new List<NamespacedName>();
        foreach (var (name, judged) in now)
        {
            if (areAll || !judged.SameAs(before.GetValueOrDefault(name)))
            {
                news.Add(name);
            }
        }

        news.AddRange(before.Keys.Where(name => !now.ContainsKey(name)));
        return news;
    }
}
