using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Objects;

namespace Wayleave.Telemetry.Tests.Exactness;

/// <summary>An object of the cluster, as it is now.</summary>
internal sealed record ModelObject(CountedKind Kind, ObjectId Id, ObjectUsage Usage, long Position = 0);
