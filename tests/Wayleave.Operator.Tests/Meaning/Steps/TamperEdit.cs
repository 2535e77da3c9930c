using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>Drift: a user edits or deletes a policy of ours. Does nothing if there is none.</summary>
/// <param name="Pick">Index of the policy, modulo their number.</param>
internal sealed record TamperEdit(int Pick, Tampering How) : Edit
{
    public override bool IsDrift => true;

    public override string ToString() => $"drift of policy no. {Pick}: {How}";

    protected override void MakeIn(FakeUser user)
    {
        var ours = user.List<V1NetworkPolicy>().Where(ClusterView.IsOurs).ToList();
        if (ours.Count == 0)
        {
            return;
        }

        var meta = ours[Pick % ours.Count].Metadata;
        if (How is Tampering.Delete or Tampering.TakeOver)
        {
            user.Delete<V1NetworkPolicy>(meta.NamespaceProperty, meta.Name!);
        }

        if (How is Tampering.TakeOver)
        {
            user.Put(Foreign.Policy(meta.NamespaceProperty!, meta.Name!));
        }

        user.Edit<V1NetworkPolicy>(meta.NamespaceProperty, meta.Name!, Tamper);
    }

    private void Tamper(V1NetworkPolicy policy)
    {
        switch (How)
        {
            case Tampering.AllowAnyone:
                policy.Spec!.Ingress = [new V1NetworkPolicyIngressRule()];
                break;
            case Tampering.AllowNoOne:
                policy.Spec!.Ingress = null;
                break;
            case Tampering.NarrowPods:
                (policy.Spec!.PodSelector!.MatchLabels ??= new Dictionary<string, string>(StringComparer.Ordinal))["added"] = "by-a-user";
                break;
            case Tampering.AddEgress:
                policy.Spec!.PolicyTypes!.Add("Egress");
                break;
            case Tampering.DropOurLabel:
                policy.Metadata.Labels?.Remove(WayleaveLabels.ManagedBy);
                break;
            case Tampering.DropOurAnnotation:
                policy.Metadata.Annotations?.Remove(WayleaveLabels.Workload);
                break;
            default:
                break;
        }
    }
}
