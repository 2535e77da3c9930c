namespace Wayleave.Kubernetes.Models;

/// <summary>All requirements must hold; one without any matches everything.</summary>
public sealed class V1LabelSelector
{
    public Dictionary<string, string>? MatchLabels { get; set; }

    public List<V1LabelSelectorRequirement>? MatchExpressions { get; set; }
}
