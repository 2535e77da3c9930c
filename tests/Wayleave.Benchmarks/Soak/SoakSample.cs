namespace Wayleave.Benchmarks.Soak;

/// <summary>How the operator stood at one moment.</summary>
/// <param name="Minutes">Since the beginning.</param>
/// <param name="MemoryMiB">Resident.</param>
/// <param name="Handles">Open files and sockets.</param>
/// <param name="LogLines">Since the process started.</param>
internal sealed record SoakSample(double Minutes, double MemoryMiB, int Handles, int LogLines);
