using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Operator.Hosting;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Meaning.Running;

/// <summary>A cluster and the operator that runs in it.</summary>
internal sealed class Stage(EnforcementMode mode) : IAsyncDisposable
{
    private RunningOperator? _operator;

    public FakeCluster Cluster { get; } = new(ApiClients.Registry, WayleaveLabels.FieldManager);

    /// <summary>The mode that the operator was started in.</summary>
    public EnforcementMode Mode { get; private set; } = mode;

    public RunningOperator Operator => _operator ?? throw new InvalidOperationException("The operator does not run.");

    public async Task StartAsync(EnforcementMode startMode)
    {
        Mode = startMode;
        _operator = await RunningOperator.StartAsync(Cluster, startMode);
    }

    public async Task StopAsync()
    {
        if (_operator is { } running)
        {
            _operator = null;
            await running.DisposeAsync();
        }
    }

    public ValueTask DisposeAsync() => new(StopAsync());
}
