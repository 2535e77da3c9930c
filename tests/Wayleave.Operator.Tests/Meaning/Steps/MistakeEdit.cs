using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>
/// Makes a declaration that is in force invalid. Does nothing if there is none: declarations that were never valid are enforced in part,
/// which other tests cover.
/// </summary>
internal sealed record MistakeEdit<TEntity>(TEntity Entity) : Edit
    where TEntity : class, IKubernetesObject<V1ObjectMeta>
{
    public override string ToString() => $"make a mistake: {new PutEdit<TEntity>(Entity)}";

    protected override void MakeIn(FakeUser user)
    {
        var current = user.List<TEntity>().FirstOrDefault(entity =>
            entity.Metadata.Name == Entity.Metadata.Name && entity.Metadata.NamespaceProperty == Entity.Metadata.NamespaceProperty);
        var enforced = current switch
        {
            ClientIntents { Status: { } status } => status.EnforcedGeneration,
            ProtectedService { Status: { } status } => status.EnforcedGeneration,
            EnforcementPolicy { Status: { } status } => status.EnforcedGeneration,
            _ => null,
        };
        if (enforced is not null && current!.Metadata.DeletionTimestamp is null)
        {
            user.Put(Entity);
        }
    }
}
