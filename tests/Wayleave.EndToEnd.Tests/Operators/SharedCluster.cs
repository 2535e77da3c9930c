using Wayleave.Testing.Dns;
using Wayleave.Testing.Operators;

namespace Wayleave.EndToEnd.Tests;

/// <summary>One cluster with one running operator, shared by the tests that disturb neither. Each test takes namespaces of its own.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private static int _namespaces;

    public TestCluster Cluster { get; private set; } = null!;

    public OperatorProcess Operator { get; private set; } = null!;

    /// <summary>The nameserver that the operator asks.</summary>
    public DnsServer Dns { get; } = DnsServer.Start();

    public async Task InitializeAsync()
    {
        Cluster = await TestCluster.StartAsync();
        Operator = await OperatorProcess.StartAsync(
            Cluster.ControlPlane.KubeconfigPath, new OperatorSettings { Arguments = ["--dns-server", Dns.Endpoint.ToString()] });
        await Operator.WaitUntilReadyAsync();
    }

    /// <summary>A new namespace that no other test uses.</summary>
    public async Task<string> NewNamespaceAsync(string prefix)
    {
        var name = $"{prefix}-{Interlocked.Increment(ref _namespaces)}";
        await Cluster.CreateNamespaceAsync(name);
        return name;
    }

    public async Task DisposeAsync()
    {
        await Operator.DisposeAsync();
        await Cluster.DisposeAsync();
        await Dns.DisposeAsync();
    }
}
