using System.Collections.Concurrent;
using Wayleave.Enforcement;
using Wayleave.Kubernetes;

namespace Wayleave.Operator.Reconciling;

/// <summary>
/// Where the policy reconciler leaves its verdicts for the reconcilers of declarations. Kept in memory alone: a restart decides anew.
/// Safe for any number of threads.
/// </summary>
internal sealed class VerdictBoard
{
    private readonly ConcurrentDictionary<SubjectKey, SubjectVerdicts> _subjects = new();

    /// <summary>How many policies would be there if Shadow were Enforce.</summary>
    public int ShadowedPolicies => _subjects.Values.Sum(verdicts => verdicts.ShadowedPolicies);

    public SubjectVerdicts Of(SubjectKey subject) => _subjects.GetValueOrDefault(subject, SubjectVerdicts.None);

    /// <summary>Replaces the verdicts of a subject, and says for which objects that is news.</summary>
    public VerdictNews Publish(SubjectKey subject, SubjectVerdicts verdicts)
    {
        var before = Of(subject);
        if (verdicts.IsEmpty)
        {
            _subjects.TryRemove(subject, out _);
        }
        else
        {
            _subjects[subject] = verdicts;
        }

        // Whose policies they are decides who reports.
        var isMoved = before.Owners != verdicts.Owners;
        return new VerdictNews(News(before.Calls, verdicts.Calls, isMoved), News(before.Protections, verdicts.Protections, isMoved));
    }

    /// <summary>
    /// Forgets everything. When this process leads again after another one did, what it found in its earlier term says nothing about now.
    /// </summary>
    public void Clear() => _subjects.Clear();

    private static List<NamespacedName> News<TVerdict>(
        IReadOnlyDictionary<NamespacedName, Judged<TVerdict>> before, IReadOnlyDictionary<NamespacedName, Judged<TVerdict>> now, bool areAll)
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
