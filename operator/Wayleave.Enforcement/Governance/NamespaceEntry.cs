namespace Wayleave.Enforcement.Governance;

/// <summary>A namespace as governance sees it.</summary>
/// <param name="Workloads">How many workloads there are in it.</param>
public sealed record NamespaceEntry(string Name, IDictionary<string, string>? Labels, int Workloads);
