using Wayleave.Testing.Semantics;

namespace Wayleave.Operator.Tests.Meaning.Oracles;

/// <summary>A declared caller of a server, and the doors that are open to it.</summary>
internal sealed record Admission(DeclaredWorkload Caller, Func<Door, ClusterPod, bool> Opens)
{
    public bool IsFor(ClusterPod client) => client.Namespace == Caller.Namespace && Caller.Selector.Selects(client.Labels);
}
