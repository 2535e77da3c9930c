using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Wayleave.Operator.Hosting;

namespace Wayleave.Cli.Manifests;

/// <summary>One object of a file.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Content">As JSON.</param>
/// <param name="Lines">The line of each field, by its path such as <c>spec.targets[0].service</c>. The empty path is the document.</param>
internal sealed record ManifestDocument(string File, JsonObject Content, IReadOnlyDictionary<string, int> Lines)
{
    public string? ApiVersion => Text(Content["apiVersion"]);

    public string? Kind => Text(Content["kind"]);

    public string? Name => Text((Content["metadata"] as JsonObject)?["name"]);

    public string? Namespace => Text((Content["metadata"] as JsonObject)?["namespace"]);

    /// <summary>The line of a field, or of the nearest field around it that the file has.</summary>
    public int LineOf(string path)
    {
        while (!Lines.ContainsKey(path) && path.Length > 0)
        {
            path = path[..Math.Max(0, path.LastIndexOfAny(['.', '[']))];
        }

        return Lines.GetValueOrDefault(path, 1);
    }

    /// <exception cref="JsonException">A field has another type.</exception>
    public TEntity Read<TEntity>()
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            var entity = Content.Deserialize(ApiClients.Registry.Get<TEntity>().Json) ?? throw new JsonException("The document is empty.");
            entity.Metadata ??= new V1ObjectMeta();
            return entity;
        }
        catch (Exception error) when (error is NotSupportedException or FormatException or InvalidOperationException)
        {
            throw new JsonException(error.Message, error);
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

/// <summary>A file that is not YAML, or not that of Kubernetes objects.</summary>
internal sealed class ManifestException(string file, long line, string problem) : Exception($"{file}:{line}: {problem}")
{
    public Finding Finding => new(file, (int)line, IsError: true, problem);
}
