using System.Reflection;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Api.Schema;
using Wayleave.Generator.Output;

namespace Wayleave.Generator.Crds;

/// <summary>A CRD for each class that is marked as a custom resource.</summary>
internal static class CrdFolder
{
    public static GeneratedFolder Generate()
    {
        var docs = XmlDocs.Of(typeof(Group).Assembly);
        var files = typeof(Group).Assembly.GetTypes()
            .Where(type => type.GetCustomAttribute<CustomResourceAttribute>() is not null)
            .ToDictionary(FileName, type => YamlWriter.Of(CrdBuilder.Build(type, docs)), StringComparer.Ordinal);
        return new GeneratedFolder($"{Group.Name}_*.yaml", files);
    }

    private static string FileName(Type type)
    {
        var entity = type.GetCustomAttribute<KubernetesEntityAttribute>()!;
        return $"{entity.Group}_{entity.PluralName}.yaml";
    }
}
