using k8s;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>
/// One edit of a user. It is self-contained and valid in any cluster, so that any edits can be removed from a list.
/// </summary>
internal abstract record Edit
{
    /// <summary>Makes the edit. One that the API server refuses changes nothing.</summary>
    public void Make(FakeUser user)
    {
        try
        {
            MakeIn(user);
        }
        catch (KubernetesException)
        {
            // The namespace is missing or terminating.
        }
    }

    /// <summary>Whether it edits a policy, not the objects that policies are built from.</summary>
    public virtual bool IsDrift => false;

    /// <summary>The object that it edits. Null if that is not known in advance.</summary>
    public virtual string? Subject => null;

    /// <summary>Whether it deletes that object.</summary>
    public virtual bool IsDelete => false;

    /// <summary>Smaller edits of the same kind, to try in its place when a scenario failed.</summary>
    public virtual IEnumerable<Edit> Smaller => [];

    protected abstract void MakeIn(FakeUser user);
}
