using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Identity;

namespace Wayleave.Telemetry.Counting;

/// <summary>All that is kept of an error.</summary>
/// <param name="Component">Where it was caught.</param>
/// <param name="Exception">The name of its type.</param>
internal sealed record ErrorOrigin(ErrorComponent Component, ExceptionTypeName Exception);
