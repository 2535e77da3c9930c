namespace Wayleave.Benchmarks.Soak;

/// <summary>The state of the operator at one moment.</summary>
/// <param name="Minutes">Minutes since the start of the run.</param>
/// <param name="MemoryMiB">Resident memory.</param>
/// <param name="Handles">Open files and sockets.</param>
/// <param name="LogLines">Lines in the log since the process started.</param>
internal sealed record SoakSample(double Minutes, double MemoryMiB, int Handles, int LogLines);
