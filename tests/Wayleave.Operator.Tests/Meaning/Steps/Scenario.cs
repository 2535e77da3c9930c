using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>A cluster and the steps that are made in it.</summary>
/// <param name="Defaults">Options of the operator.</param>
/// <param name="Given">Steps before the operator starts.</param>
/// <param name="Then">Steps afterwards. The cluster is checked after each.</param>
internal sealed record Scenario(Defaults Defaults, IReadOnlyList<Step> Given, IReadOnlyList<Step> Then)
{
    /// <summary>Smaller scenarios, much smaller ones first.</summary>
    public IEnumerable<Scenario> Smaller =>
        Less(Then).Select(then => this with { Then = then }).Concat(Less(Given).Select(given => this with { Given = given }));

    public override string ToString() =>
        $"{Defaults}\n  given\n{string.Concat(Given.Select(step => $"    {step}\n"))}  then\n{string.Concat(Then.Select(step => $"    {step}\n"))}";

    private static IEnumerable<IReadOnlyList<Step>> Less(IReadOnlyList<Step> steps)
    {
        for (var size = (steps.Count + 1) / 2; size > 0; size /= 2)
        {
            for (var start = 0; start < steps.Count; start += size)
            {
                yield return [.. steps.Take(start), .. steps.Skip(start + size)];
            }
        }

        for (var i = 0; i < steps.Count; i++)
        {
            foreach (var smaller in steps[i].Smaller)
            {
                yield return [.. steps.Take(i), smaller, .. steps.Skip(i + 1)];
            }
        }
    }
}
