using Wayleave.Kubernetes;

namespace Wayleave.Operator.Reconciling;

/// <summary>The declarations whose results changed, came or went.</summary>
internal sealed record ChangedResults(IReadOnlyList<NamespacedName> Intents, IReadOnlyList<NamespacedName> Protections);
