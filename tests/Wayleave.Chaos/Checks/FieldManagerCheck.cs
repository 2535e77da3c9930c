namespace Wayleave.Chaos.Checks;

/// <summary>Every policy of ours was applied by the operator, once for all of it: there is one entry of its own, whoever led.</summary>
internal sealed class FieldManagerCheck(World world) : Check
{
    public override string Name => "policies with one field manager of ours";

    public override async Task<string?> ProblemAsync()
    {
        var view = await Snapshot.ViewAsync(world);
        var wrong = view.Policies.FirstOrDefault(policy => policy.Metadata.ManagedFields!.Count(entry => entry is { Manager: "wayleave", Operation: "Apply" }) != 1);
        Count += wrong is null ? view.Policies.Count : 0;
        return wrong is null ? null : $"{wrong.Metadata.NamespaceProperty}/{wrong.Metadata.Name} has more than one";
    }
}
