using System.Runtime.InteropServices;

namespace Wayleave.Telemetry.Objects;

/// <summary>An object as it is.</summary>
/// <param name="Usage">What its state says.</param>
/// <param name="Position">Where in the kind's stream it came to say so.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ObjectState(ObjectUsage Usage, long Position);
