using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Events;
using Wayleave.Operator.Hosting;
using Wayleave.Telemetry.Catalog;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>How the runner handles informers that fail or stop.</summary>
public sealed class InformerRunnerTests : IDisposable
{
    private readonly FakeUsageCounter _usage = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    [Fact]
    public async Task Counts_the_error_of_an_informer_that_fails_and_stops_everything()
    {
        var running = Runner().RunAsync([new FakeInformer(_ => throw new InvalidOperationException("shop"))], _stop, _stop.Token);

        await Should.ThrowAsync<InvalidOperationException>(running);
        _stop.IsCancellationRequested.ShouldBeTrue();
        _usage.Errors.ShouldBe([(ErrorComponent.Kubernetes, typeof(InvalidOperationException))]);
    }

    [Fact]
    public async Task Stopping_is_not_an_error()
    {
        var running = Runner().RunAsync([new FakeInformer(async token => await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default))], _stop, _stop.Token);
        await _stop.CancelAsync();

        await running;
        _usage.Errors.ShouldBeEmpty();
    }

    public void Dispose()
    {
        _stop.Dispose();
        _services.Dispose();
    }

    private InformerRunner Runner()
    {
        var metrics = new KubernetesMetrics(_services.GetRequiredService<IMeterFactory>());
        return new InformerRunner(new EventRecorder(null!, new EventSource("test", "test"), metrics, TimeProvider.System, NullLogger<EventRecorder>.Instance), _usage);
    }
}
