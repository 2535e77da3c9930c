using Wayleave.Testing.ControlPlane;

namespace Wayleave.EndToEnd.Tests;

/// <summary>One control plane for the tests of a class that stop and start it.</summary>
public sealed class OwnControlPlane : IAsyncLifetime
{
    public static readonly ControlPlaneOptions Options = new() { ExternalKubeconfig = null, Audit = true };

    public ControlPlane ControlPlane { get; private set; } = null!;

    public async Task InitializeAsync() => ControlPlane = await ControlPlane.StartAsync(Options);

    public async Task DisposeAsync() => await ControlPlane.DisposeAsync();
}
