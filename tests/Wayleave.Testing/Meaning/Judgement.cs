using System.Net;
using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>What happened before a moment, as far as it counts for what has to be true.</summary>
/// <param name="IsPlain">
/// False when more than one thing happened, or somebody changed a policy: what could stay as it was is then seen, not said.
/// </param>
/// <param name="IsRestart">Whether the operator was started.</param>
public readonly record struct StepNature(bool IsPlain, bool IsRestart);

/// <summary>What the declarations say of every connection at one moment.</summary>
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

    /// <summary>What is in the cluster.</summary>
    public ClusterView View { get; }

    /// <summary>Whether the declarations say who may call a Pod.</summary>
    public bool IsClosed(ClusterPod server) => _closed[server].Count > 0;

    /// <summary>Whether the declarations say whom a Pod may call.</summary>
    public bool IsBound(ClusterPod client) => _bound[client].Count > 0;

    /// <summary>Whether a Pod accepts a connection from another.</summary>
    public Expectation Receive(ClusterPod server, ClusterPod client, Door door) => Expect(
        _closed[server],
        opening => opening.Includes(client) && opening.Doors(door, server),
        View.IsGone(server),
        () => _past.Received(server, client, door, View));

    /// <summary>Whether a Pod accepts a connection from an address outside the cluster.</summary>
    public Expectation Receive(ClusterPod server, IPAddress client, Door door) => Expect(
        _closed[server],
        opening => opening.Includes(client) && opening.Doors(door, server),
        View.IsGone(server),
        () => _past.Received(server, client, door, View));

    /// <summary>Whether a Pod may begin a connection to another.</summary>
    public Expectation Send(ClusterPod client, ClusterPod server, Door door) => Expect(
        _bound[client],
        opening => opening.Includes(server) && opening.Doors(door, server),
        View.IsGone(client) || View.IsGone(server),
        () => _past.Sent(client, server, door, View));

    /// <summary>Whether a Pod may begin a connection to an address outside the cluster.</summary>
    public Expectation Send(ClusterPod client, IPAddress server, Door door) => Expect(
        _bound[client],
        opening => opening.Includes(server) && opening.Doors(door, null),
        View.IsGone(client),
        () => _past.Sent(client, server, door, View));

    // A Pod that no policy is about is open; else one policy that allows is enough.
    private Expectation Expect(List<Restriction> restrictions, Predicate<Opening> includes, bool isGone, Func<bool?> before)
    {
        if (restrictions.Count == 0)
        {
            return new Expectation(Must: true, May: true);
        }

        var was = new Lazy<bool?>(before);
        var sure = restrictions.FindAll(restriction => restriction.IsSure);
        return sure.Count == 0
            ? new Expectation(restrictions.TrueForAll(restriction => Must(restriction, includes, isGone, was)), May: true)
            : new Expectation(
                sure.Exists(restriction => Must(restriction, includes, isGone, was)), restrictions.Exists(restriction => May(restriction, includes, was)));
    }

    private bool Must(Restriction restriction, Predicate<Opening> includes, bool isGone, Lazy<bool?> was) => restriction.Standing == Standing.Frozen
        ? _nature.IsPlain && was.Value == true
        : restriction.Openings.Any(opening => IsCertain(opening.Certainty, isGone, was) && includes(opening));

    private bool IsCertain(Certainty certainty, bool isGone, Lazy<bool?> was) => (certainty, isGone) switch
    {
        (Certainty.Settled, false) => true,
        (Certainty.Possible, _) => false,
        (Certainty.Kept, false) => _nature.IsPlain && was.Value == true,
        _ => _nature is { IsPlain: true, IsRestart: false } && was.Value == true,
    };

    private bool May(Restriction restriction, Predicate<Opening> includes, Lazy<bool?> was) =>
        (restriction.Standing != Standing.Settled && (!_nature.IsPlain || was.Value != false)) || restriction.Openings.Any(opening => includes(opening));
}
