namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>The process was killed: nothing that it does from now on has an effect.</summary>
internal sealed class CrashException() : Exception("The process was killed.");
