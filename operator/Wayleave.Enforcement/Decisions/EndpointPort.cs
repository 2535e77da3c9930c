using Wayleave.Enforcement.Policies;

namespace Wayleave.Enforcement.Decisions;

/// <summary>A port behind a Service.</summary>
/// <param name="Name">The name of the Service's port that leads to it; null or empty for the only one.</param>
public sealed record EndpointPort(string? Name, PolicyPort Port);
