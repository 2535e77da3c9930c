using Wayleave.Testing.Semantics;

namespace Wayleave.Testing.Meaning;

/// <summary>Callers of a server, and the doors that are open to them.</summary>
/// <param name="IsFor">Whether a pod is one of the callers.</param>
/// <param name="Opens">Whether a door of a pod is open to them.</param>
public sealed record Admission(Predicate<ClusterPod> IsFor, Func<Door, ClusterPod, bool> Opens)
{
    public static Admission Of(DeclaredWorkload caller, Func<Door, ClusterPod, bool> opens) => new(caller.Owns, opens);
}
