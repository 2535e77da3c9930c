namespace Wayleave.Kubernetes.Client;

/// <summary>One line of a watch.</summary>
public readonly record struct WatchEvent<TEntity>(WatchEventType Type, TEntity Entity);

/// <summary>The type of a watch event (Kubernetes API concepts, "Efficient detection of changes").</summary>
public enum WatchEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Only the resourceVersion that the watch has reached; the entity carries nothing else.</summary>
    Bookmark,
}
