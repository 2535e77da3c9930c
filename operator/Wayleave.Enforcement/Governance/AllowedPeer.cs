using k8s.Models;
using Wayleave.Enforcement.Ports;

namespace Wayleave.Enforcement.Governance;

/// <summary>A client that may call every server of a namespace without declaring it.</summary>
/// <param name="Peer">Pods or addresses; null for anyone.</param>
/// <param name="Ports">Empty for every port.</param>
public sealed record AllowedPeer(V1NetworkPolicyPeer? Peer, IReadOnlyList<DeclaredPort> Ports);
