using System.Runtime.InteropServices;

namespace Wayleave.Benchmarks.Operators;

/// <summary>What one round of <see cref="TelemetryBenchmark"/> came to.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TelemetryRound(double EachSecond, double Requests, double CpuMilliseconds);
