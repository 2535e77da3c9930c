using k8s.Models;

namespace Wayleave.EndToEnd.Tests.Kubernetes;

/// <summary>Objects to test with.</summary>
internal static class Given
{
    public static V1ConfigMap ConfigMap(string @namespace, string name, params IReadOnlyList<(string Key, string Value)> data) => new()
    {
        Metadata = new() { Name = name, NamespaceProperty = @namespace },
        Data = data.Count == 0 ? null : data.ToDictionary(item => item.Key, item => item.Value, StringComparer.Ordinal),
    };

    public static Widget Widget(string @namespace, string name, int? size = null) => new()
    {
        Metadata = new() { Name = name, NamespaceProperty = @namespace },
        Spec = size is null ? null : new WidgetSpec { Size = size },
    };
}
