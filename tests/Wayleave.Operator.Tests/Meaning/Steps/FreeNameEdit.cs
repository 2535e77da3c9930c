using k8s.Models;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>A user deletes a foreign policy, which may occupy the name of one of ours. Does nothing if there is none.</summary>
/// <param name="Pick">Index of the policy, modulo their number.</param>
internal sealed record FreeNameEdit(int Pick) : Edit
{
    public override bool IsDrift => true;

    public override string ToString() => $"delete foreign policy no. {Pick}";

    protected override void MakeIn(FakeUser user)
    {
        var foreign = user.List<V1NetworkPolicy>().Where(policy => !ClusterView.IsOurs(policy)).ToList();
        if (foreign.Count > 0)
        {
            var meta = foreign[Pick % foreign.Count].Metadata;
            user.Delete<V1NetworkPolicy>(meta.NamespaceProperty, meta.Name!);
        }
    }
}
