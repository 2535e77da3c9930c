namespace Wayleave.Kubernetes.Configuration;

/// <summary>A kubeconfig or the in-cluster configuration cannot be used. The message names the field and the mend, never a credential.</summary>
public sealed class KubeConfigException(string message, Exception? inner = null) : Exception(message, inner);
