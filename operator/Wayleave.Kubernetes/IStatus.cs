namespace Wayleave.Kubernetes;

/// <summary>An object whose observed state is in <c>status</c>.</summary>
public interface IStatus<TStatus>
{
    TStatus Status { get; set; }
}
