namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>The process is gone: nothing that it does any more has an effect.</summary>
internal sealed class CrashException() : Exception("The process was killed.");
