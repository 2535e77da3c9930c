namespace Wayleave.Kubernetes.Client;

/// <summary>What a watch says of an object (Kubernetes API concepts, "Efficient detection of changes").</summary>
public enum WatchEventType
{
    Added,
    Modified,
    Deleted,

    /// <summary>Only the resourceVersion up to which the watch has come; the entity carries nothing else.</summary>
    Bookmark,
}
