namespace Wayleave.Kubernetes.Controllers;

/// <summary>How a controller works through its queue.</summary>
public sealed record ControllerOptions
{
    /// <summary>The controller's name in logs and metrics.</summary>
    public required string Name { get; init; }

    /// <summary>What kind of object the keys stand for, in logs.</summary>
    public required string Kind { get; init; }

    /// <summary>How many keys are worked on at once.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>Told of every failure, e.g. to count it. Must not throw.</summary>
    public Action<Exception>? Failed { get; init; }
}
