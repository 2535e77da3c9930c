namespace Wayleave.Testing.Meaning;

/// <summary>Computes what the declarations require after each step of a test.</summary>
public sealed class Oracle
{
    /// <summary>The state after the previous step. The view of the next step is built with it.</summary>
    public Past Past { get; private set; } = Past.None;

    /// <summary>Computes the expectations after a step.</summary>
    public Judgement Look(ClusterView view, StepNature nature)
    {
        ArgumentNullException.ThrowIfNull(view);
        var written = view.Policies.Select(policy => (policy.Metadata.NamespaceProperty!, policy.Metadata.Name!)).ToHashSet();
        var past = Past;
        var ingress = new IngressOracle(view, past, Stays);
        var egress = new EgressOracle(view, past, Stays);
        var stay = ingress.Closed.Concat(egress.Bound).Where(restriction => restriction.IsSure || written.Contains(restriction.Subject.Id));
        Past = past.Next(view, stay.DistinctBy(restriction => restriction.Subject.Id));
        return new Judgement(view, past, nature, ingress.Closed, egress.Bound);

        bool Stays(Subject subject) => nature.IsPlain ? past.Restricted.ContainsKey(subject.Id) : written.Contains(subject.Id);
    }
}
