namespace Wayleave.Kubernetes.Events;

/// <summary>Who reports Events: the controller's name (<c>wayleave.dev/operator</c>) and this instance of it (the pod).</summary>
public sealed record EventSource(string Controller, string Instance);
