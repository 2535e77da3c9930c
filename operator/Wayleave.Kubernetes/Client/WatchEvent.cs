namespace Wayleave.Kubernetes.Client;

/// <summary>One line of a watch.</summary>
public readonly record struct WatchEvent<TEntity>(WatchEventType Type, TEntity Entity);
