using System.Net;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>The changes before a moment, as far as they affect what is expected.</summary>
/// <param name="IsPlain">
/// False when there was more than one change, or a policy was changed: where a policy may stay as it was, the test then accepts what it finds.
/// </param>
/// <param name="IsRestart">Whether the operator was started.</param>
public readonly record struct StepNature(bool IsPlain, bool IsRestart);

/// <summary>What the declarations require of every connection at one moment.</summary>
public sealed class Judgement
{
    private readonly Past _past;
    private readonly StepNature _nature;
    private readonly Dictionary<ClusterPod, List<Restriction>> _closed = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<ClusterPod, List<Restriction>> _bound = new(ReferenceEqualityComparer.Instance);

    internal Judgement(ClusterView view, Past past, StepNature nature, IReadOnlyList<Restriction> closed, IReadOnlyList<Restriction> bound)
    {
        (View, _past, _nature) = (view, past, nature);
        foreach (var pod in view.Pods)
        {
            _closed[pod] = [.. closed.Where(restriction => restriction.Subject.Has(pod))];
            _bound[pod] = [.. bound.Where(restriction => restriction.Subject.Has(pod))];
        }
    }

    /// <summary>The state of the cluster.</summary>
    public ClusterView View { get; }

    /// <summary>Whether the declarations restrict the ingress of a Pod.</summary>
    public bool IsClosed(ClusterPod server) => _closed[server].Count > 0;

    /// <summary>Whether the declarations restrict the egress of a Pod.</summary>
    public bool IsBound(ClusterPod client) => _bound[client].Count > 0;

    /// <summary>Whether a Pod accepts a connection from another.</summary>
    public Expectation Receive(ClusterPod server, ClusterPod client, Door door) => Expect(new Question(
        _closed[server],
        opening => opening.Includes(client) && opening.Doors(door, server),
        IsGone: View.IsGone(server),
        Before: subject => _past.Allowed(subject, server, client, door, View))
    {
        MayInclude = opening => opening.Includes(client) && (View.IsGone(server) || opening.Doors(door, server)),
    });

    /// <summary>Whether a Pod accepts a connection from an address outside the cluster.</summary>
    public Expectation Receive(ClusterPod server, IPAddress client, Door door) => Expect(new Question(
        _closed[server],
        opening => opening.Includes(client) && opening.Doors(door, server),
        IsGone: View.IsGone(server),
        Before: subject => _past.Allowed(subject, server, client, door, View))
    {
        MayInclude = opening => opening.Includes(client) && (View.IsGone(server) || opening.Doors(door, server)),
    });

    /// <summary>Whether a Pod may begin a connection to another.</summary>
    public Expectation Send(ClusterPod client, ClusterPod server, Door door) => Expect(new Question(
        _bound[client],
        opening => opening.Includes(server) && opening.Doors(door, server),
        View.IsGone(client) || View.IsGone(server),
        subject => _past.Allowed(subject, client, server, door, View))
    {
        MayInclude = opening => opening.Includes(server) && (View.IsGone(server) || opening.Doors(door, server)),
    });

    /// <summary>Whether a Pod may begin a connection to an address outside the cluster.</summary>
    public Expectation Send(ClusterPod client, IPAddress server, Door door) => Expect(new Question(
        _bound[client],
        opening => opening.Includes(server) && opening.Doors(door, null),
        View.IsGone(client),
        subject => _past.Allowed(subject, client, server, door, View)));

    // A Pod that no policy selects allows everything. Otherwise one policy that allows the connection is enough.
    private Expectation Expect(Question question)
    {
        if (question.Restrictions.Count == 0)
        {
            return new Expectation(Must: true, May: true);
        }

        var sure = question.Restrictions.FindAll(restriction => restriction.IsSure);
        return sure.Count == 0
            ? new Expectation(question.Restrictions.TrueForAll(restriction => Must(restriction, question)), May: true)
            : new Expectation(sure.Exists(restriction => Must(restriction, question)), question.Restrictions.Exists(restriction => May(restriction, question)));
    }

    private bool Must(Restriction restriction, Question question) => restriction.Standing == Standing.Frozen
        ? _nature.IsPlain && question.Before(restriction.Subject) == true
        : restriction.Openings.Any(opening => question.Includes(opening) && IsCertain(opening, restriction, question));

    private bool IsCertain(Opening opening, Restriction restriction, Question question) => (opening.Certainty, question.IsGone) switch
    {
        (Certainty.Settled, false) => true,
        (Certainty.Possible, _) => false,

        // The connection stays allowed if this opening was the one that allowed it.
        _ => _nature.IsPlain && question.Before(restriction.Subject) == true
            && !_past.OpeningsOf(restriction.Subject).Any(other => other.Source != opening.Source && question.Includes(other)),
    };

    private bool May(Restriction restriction, Question question) =>
        restriction.Openings.Any(opening => (question.MayInclude ?? question.Includes)(opening))
        || (restriction.Standing != Standing.Settled && (!_nature.IsPlain || question.Before(restriction.Subject) != false));

    /// <param name="Restrictions">The restrictions of the Pod.</param>
    /// <param name="Includes">Whether an opening includes the connection.</param>
    /// <param name="IsGone">Whether the workload of a Pod was deleted.</param>
    /// <param name="Before">Whether the policy of a subject allowed the connection before.</param>
    private readonly record struct Question(
        List<Restriction> Restrictions, Predicate<Opening> Includes, bool IsGone, Func<Subject, bool?> Before)
    {
        /// <summary>Whether an opening may include the connection. The port names of Pods cannot be resolved after their workload is deleted.</summary>
        public Predicate<Opening>? MayInclude { get; init; }
    }
}
