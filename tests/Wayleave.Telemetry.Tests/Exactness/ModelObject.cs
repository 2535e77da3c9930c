using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>The current state of an object in the cluster.</summary>
internal sealed record ModelObject(CountedKind Kind, ObjectId Id, ObjectUsage Usage, long Position = 0);
