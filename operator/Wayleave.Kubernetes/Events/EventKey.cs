namespace Wayleave.Kubernetes.Events;

/// <summary>What tells two Events apart. The uid alone would not: a reference may lack it.</summary>
internal readonly record struct EventKey(string? Kind, string? Namespace, string? Name, string? Uid, string Type, string Reason, string Note);
