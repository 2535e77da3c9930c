namespace Wayleave.Kubernetes.Client;

/// <summary>A write was held back because this process may no longer be the leader. Nothing was sent.</summary>
public sealed class WriteFencedException() : Exception("Not the leader: the write was not sent.");
