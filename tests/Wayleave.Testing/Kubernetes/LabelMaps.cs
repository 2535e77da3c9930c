using System.Collections.ObjectModel;

namespace Wayleave.Testing.Kubernetes;

/// <summary>Labels of the client library's models as maps that cannot be changed.</summary>
public static class LabelMaps
{
    /// <summary>Empty for null.</summary>
    public static IReadOnlyDictionary<string, string> ToMap(this IDictionary<string, string>? labels) =>
        labels is null ? ReadOnlyDictionary<string, string>.Empty : labels.AsReadOnly();
}
