namespace Wayleave.Kubernetes.Client;

/// <summary>Options of a client that do not depend on the API server.</summary>
public sealed record KubernetesClientOptions
{
    /// <summary>The field manager of everything this client writes.</summary>
    public required string FieldManager { get; init; }

    /// <summary>The default namespace of lists and watches of namespaced kinds. Null for all namespaces.</summary>
    public string? Namespace { get; init; }

    /// <summary>How long one request may take, lists included, watches not.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether protobuf is accepted for the kinds that have a parser. JSON is accepted for all.</summary>
    public bool AcceptsProtobuf { get; init; } = true;

    /// <summary>The clock for <see cref="RequestTimeout"/> and watch timeouts.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The maximum size of a response or a watch event in bytes. More throws <see cref="LimitExceededException"/>.</summary>
    public long MaxResponseBytes { get; init; } = long.MaxValue;

    /// <summary>Client-side limit in requests a second; null (the default) leaves it to the API server's priority and fairness.</summary>
    public int? QueriesPerSecond { get; init; }

    /// <summary>Whether requests of a recorded span carry W3C's header <c>traceparent</c>, which API servers join.</summary>
    public bool PropagatesTrace { get; init; }

    /// <summary>How many requests may go out at once above the limit.</summary>
    public int Burst { get; init; } = 100;
}
