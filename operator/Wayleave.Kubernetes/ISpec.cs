namespace Wayleave.Kubernetes;

/// <summary>An object whose desired state is in <c>spec</c>.</summary>
public interface ISpec<TSpec>
{
    TSpec Spec { get; set; }
}
