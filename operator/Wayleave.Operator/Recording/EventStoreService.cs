using Wayleave.EventStore.Publishing;

namespace Wayleave.Operator.Recording;

/// <summary>
/// Stores events until the operator has stopped. It is registered before the operator's own service, so that it stops after it.
/// </summary>
internal sealed class EventStoreService(EventPump pump) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => pump.RunAsync(stoppingToken);
}
