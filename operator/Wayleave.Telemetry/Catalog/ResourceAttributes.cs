using System.Collections.Immutable;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Catalog;

/// <summary>The whole OTLP resource of a batch: no host, process, container or cluster is in it.</summary>
public static class ResourceAttributes
{
    public const string ServiceName = "wayleave-operator";

    public const string ServiceNamespace = "wayleave";

    public static ImmutableArray<KeyValuePair<string, string>> Of(SemanticVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        return [new("service.name", ServiceName), new("service.namespace", ServiceNamespace), new("service.version", version.Value)];
    }
}
