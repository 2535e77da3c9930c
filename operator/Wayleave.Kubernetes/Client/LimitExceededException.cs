namespace Wayleave.Kubernetes.Client;

/// <summary>An API server has more, or answers with more, than was meant to be read. Trying again does not help.</summary>
public sealed class LimitExceededException(string message) : Exception(message);
