using k8s;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Meaning.Steps;

/// <summary>
/// One thing that a user does. It says all there is to say about itself and makes sense in whatever cluster, so that any edits can be left
/// out of a list of them.
/// </summary>
internal abstract record Edit
{
    /// <summary>Does it; an edit that the API server refuses changes nothing.</summary>
    public void Make(FakeUser user)
    {
        try
        {
            MakeIn(user);
        }
        catch (KubernetesException)
        {
            // The namespace is not there, or not for long.
        }
    }

    /// <summary>Whether it is about a policy rather than about what policies are made from.</summary>
    public virtual bool IsDrift => false;

    /// <summary>The object that it is about; null when that is not known before.</summary>
    public virtual string? Subject => null;

    /// <summary>Whether it deletes that object.</summary>
    public virtual bool IsDelete => false;

    /// <summary>Edits that do less of the same, to try in its place when something failed.</summary>
    public virtual IEnumerable<Edit> Smaller => [];

    protected abstract void MakeIn(FakeUser user);
}
