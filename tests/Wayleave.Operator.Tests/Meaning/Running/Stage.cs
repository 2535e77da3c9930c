using Wayleave.Api;
using Wayleave.Operator.Hosting;
using Wayleave.Testing.Kubernetes;
using Wayleave.Testing.Meaning;

namespace Wayleave.Operator.Tests.Meaning.Running;

/// <summary>A cluster and the operator that runs in it.</summary>
internal sealed class Stage(Defaults defaults) : IAsyncDisposable
{
    private RunningOperator? _operator;

    public FakeCluster Cluster { get; } = new(ApiClients.Registry, WayleaveLabels.FieldManager, defaults.Minor);

    /// <summary>How the operator was started.</summary>
    public Defaults Defaults { get; private set; } = defaults;

    public RunningOperator Operator => _operator ?? throw new InvalidOperationException("The operator does not run.");

    public async Task StartAsync(Defaults now)
    {
        Defaults = now;
        _operator = await RunningOperator.StartAsync(Cluster, now);
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
