using Wayleave.Enforcement.Policies;
using Wayleave.Kubernetes.Models;

namespace Wayleave.Enforcement.Governance;

/// <summary>Who may call every server of a namespace without declaring it.</summary>
/// <param name="Peer">With namespaceSelector, podSelector or both.</param>
/// <param name="Ports">In order and each once; empty for every port.</param>
public sealed record AllowedPeer(V1NetworkPolicyPeer Peer, IReadOnlyList<PolicyPort> Ports);
