namespace Wayleave.Kubernetes.Client;

/// <summary>What a server-side apply led to: the object as the API server now has it, and whether it was not there before.</summary>
public readonly record struct ApplyResult<TEntity>(TEntity Entity, bool Created);
