namespace Wayleave.Testing.Semantics;

/// <summary>A port of a container that has a name.</summary>
public sealed record NamedPort(string Name, int Number, string Protocol = Protocols.Tcp);
