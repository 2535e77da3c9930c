namespace Wayleave.Testing.Semantics;

/// <summary>A namespace as network policy sees it.</summary>
public sealed record ClusterNamespace(string Name, IReadOnlyDictionary<string, string> Labels);
