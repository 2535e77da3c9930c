namespace Wayleave.Mapper.Ingestion;

/// <summary>Who may send batches, and where the mapper is reached.</summary>
internal sealed record IngestionOptions
{
    /// <summary>The namespace of the mapper, of its Service and of the Secret of its certificate.</summary>
    public required string Namespace { get; init; }

    /// <summary>The Service by which sensors reach the mapper.</summary>
    public required string Service { get; init; }

    /// <summary>The namespace of the sensors, and of the ConfigMap with the authorities that they trust.</summary>
    public required string SensorNamespace { get; init; }

    /// <summary>The ServiceAccount of the sensors.</summary>
    public required string SensorAccount { get; init; }

    /// <summary>The folder of tls.crt and tls.key. Null to manage a certificate in a Secret.</summary>
    public string? TlsDirectory { get; init; }

    /// <summary>How long the body of a request may take.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The name of the sensors' user in the API server.</summary>
    public string SensorUser => $"system:serviceaccount:{SensorNamespace}:{SensorAccount}";

    /// <summary>The names by which sensors reach the mapper. The first is the name of the certificate.</summary>
    public IReadOnlyList<string> DnsNameValidator => [$"{Service}.{Namespace}.svc", $"{Service}.{Namespace}.svc.cluster.local"];
}
