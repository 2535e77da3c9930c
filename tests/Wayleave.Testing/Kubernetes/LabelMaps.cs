using System.Collections.ObjectModel;

namespace Wayleave.Testing.Kubernetes;

/// <summary>Converts labels of the client library's models to read-only maps.</summary>
public static class LabelMaps
{
    /// <summary>Empty for null.</summary>
    public static IReadOnlyDictionary<string, string> ToMap(this IDictionary<string, string>? labels) =>
        labels is null ? ReadOnlyDictionary<string, string>.Empty : labels.AsReadOnly();
}
