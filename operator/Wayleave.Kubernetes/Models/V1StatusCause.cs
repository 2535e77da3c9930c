namespace Wayleave.Kubernetes.Models;

/// <summary>One of the reasons of a refusal (Kubernetes API, <c>StatusCause</c>).</summary>
public sealed class V1StatusCause
{
    public string? Reason { get; set; }

    public string? Message { get; set; }

    public string? Field { get; set; }
}
