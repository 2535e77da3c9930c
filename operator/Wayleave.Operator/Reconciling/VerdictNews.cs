using Wayleave.Kubernetes;

namespace Wayleave.Operator.Reconciling;

/// <summary>The declarations whose verdicts changed, came or went.</summary>
internal sealed record VerdictNews(IReadOnlyList<NamespacedName> Intents, IReadOnlyList<NamespacedName> Protections);
