using System.Collections.Concurrent;
using Wayleave.Telemetry.Catalog;
using Wayleave.Telemetry.Counting;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>Records the counted events and errors.</summary>
internal sealed class FakeUsageCounter : IUsageCounter
{
    public ConcurrentQueue<(ErrorComponent Component, Type Type)> Errors { get; } = new();

    public ConcurrentQueue<UsageEvent> Events { get; } = new();

    public void Add(UsageEvent usage, long count = 1) => Events.Enqueue(usage);

    public void CountError(ErrorComponent component, Type exceptionType) => Errors.Enqueue((component, exceptionType));
}
