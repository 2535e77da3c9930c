namespace Wayleave.Kubernetes.Configuration;

/// <summary>
/// A kubeconfig or the in-cluster configuration cannot be used. The message names the field, what is wrong with it and how to fix it, and
/// never has a credential in it.
/// </summary>
public sealed class KubeConfigException(string message, Exception? inner = null) : Exception(message, inner);
