namespace Wayleave.Kubernetes.Client;

/// <summary>How a client behaves, whichever API server it talks to.</summary>
public sealed record KubernetesClientOptions
{
    /// <summary>The field manager of everything this client writes.</summary>
    public required string FieldManager { get; init; }

    /// <summary>What lists and watches of kinds that live in namespaces are about when they name none; null for all namespaces.</summary>
    public string? Namespace { get; init; }

    /// <summary>How long one request may take, lists included, watches not.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What <see cref="RequestTimeout"/> and the time of a watch are measured with.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>
    /// The most bytes that one answer, or one event of a watch, may have; more is a <see cref="LimitExceededException"/>.
    /// </summary>
    public long LargestAnswer { get; init; } = long.MaxValue;

    /// <summary>Client-side limit in requests a second; null (the default) leaves it to the API server's priority and fairness.</summary>
    public int? QueriesPerSecond { get; init; }

    /// <summary>How many requests may go out at once above the limit.</summary>
    public int Burst { get; init; } = 100;
}
