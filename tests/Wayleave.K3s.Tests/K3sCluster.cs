using System.Net;
using DotNet.Testcontainers.Configurations;
using DotNet.Testcontainers.Images;
using Testcontainers.K3s;
using Wayleave.Testing;
using Wayleave.Testing.ControlPlane;

namespace Wayleave.K3s.Tests;

/// <summary>
/// One K3s in Docker for all tests of this project. The stand-in of <c>tests/k3s</c> runs no Pods, so tests that need Pods are skipped there.
/// Without Docker, all tests are skipped.
/// </summary>
public sealed class K3sCluster : IAsyncLifetime
{
    /// <summary>The node port that is published to this machine. A Service of type NodePort that uses it is reachable from here.</summary>
    public const int NodePort = 30080;

    private const int IngressPort = 80;

    private const string StandIn = "localhost/k3s-stand-in";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("wayleave-k3s-");
    private K3sContainer? _container;
    private ControlPlane? _plane;

    /// <summary>Whether this is K3s and not the stand-in.</summary>
    public bool RunsPods { get; private set; }

    /// <summary>kubectl and helm, with the kubeconfig from Testcontainers.</summary>
    public ControlPlane Plane => _plane!;

    public async Task InitializeAsync()
    {
        if (TestcontainersSettings.OS.DockerEndpointAuthConfig is null)
        {
            return;
        }

        var image = await ImageAsync();
        RunsPods = !image.StartsWith(StandIn, StringComparison.Ordinal);
        _container = Build(image);
        await _container.StartAsync();
        var kubeconfig = Path.Combine(_folder.FullName, "kubeconfig");
        await File.WriteAllTextAsync(kubeconfig, await _container.GetKubeconfigAsync());
        _plane = await ControlPlane.StartAsync(new ControlPlaneOptions { ExternalKubeconfig = kubeconfig });
        if (RunsPods)
        {
            await Poll.UntilAsync("the node", async _ => (await KubectlAsync("get", "nodes", "--output=name")).Length > 0, Poll.Patience, default);
            await KubectlAsync("wait", "--for=condition=Ready", "nodes", "--all", "--timeout=120s");
            await OperatorImage.LoadAsync(_container, _folder.FullName);
        }
    }

    public async Task DisposeAsync()
    {
        if (_plane is not null)
        {
            await _plane.DisposeAsync();
        }

        if (_container is not null)
        {
            await _container.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Skips the test where there is no cluster.</summary>
    public void Require() => Skip.If(_plane is null, "needs Docker: no engine answers, and tests/k3s/with-docker could not start one");

    /// <summary>Skips the test where the cluster runs no Pods.</summary>
    public void RequirePods()
    {
        Require();
        Skip.IfNot(RunsPods, "needs Pods: rancher/k3s cannot be pulled here, and its stand-in has no node");
    }

    /// <summary>The URL of a port of the node, through Docker.</summary>
    public Uri UrlOf(int nodePort) => new UriBuilder(Uri.UriSchemeHttp, _container!.Hostname, _container.GetMappedPublicPort(nodePort)).Uri;

    /// <summary>The URL of Traefik.</summary>
    public Uri IngressUrl => UrlOf(IngressPort);

    /// <summary>The address at which the operator reaches this machine: Docker's bridge for a Pod, loopback for a process.</summary>
    public async Task<IPAddress> HostAddressAsync()
    {
        if (!RunsPods)
        {
            return IPAddress.Loopback;
        }

        var routes = await _container!.ExecAsync(["ip", "route", "show", "default"]);
        return IPAddress.Parse(routes.Stdout.Split(' ')[2]);
    }

    public async Task<string> KubectlAsync(params IReadOnlyList<string> arguments) => (await Plane.KubectlAsync(arguments)).EnsureSuccess().Output.Trim();

    /// <summary>Applies YAML documents.</summary>
    public async Task ApplyAsync(string yaml) =>
        (await Plane.KubectlAsync(["apply", "--server-side", "--force-conflicts", "--filename=-"], yaml)).EnsureSuccess();

    private static async Task<string> ImageAsync()
    {
        var dockerfile = await File.ReadAllLinesAsync(Checkout.PathOf("tests", "k3s", "Dockerfile"));
        return Environment.GetEnvironmentVariable("WAYLEAVE_K3S_IMAGE") ?? dockerfile.Single(line => line.StartsWith("FROM ", StringComparison.Ordinal))[5..];
    }

    private K3sContainer Build(string image)
    {
        var builder = new K3sBuilder(image)
            .WithCommand(new OverwriteEnumerable<string>(["server", "--disable=metrics-server"])) // the builder's own command disables Traefik
            .WithPortBinding(NodePort, assignRandomHostPort: true)
            .WithPortBinding(IngressPort, assignRandomHostPort: true);
        return RunsPods
            ? builder.Build()
            : builder.WithImagePullPolicy(PullPolicy.Never)
                .WithPrivileged(false)
                .WithCreateParameterModifier(parameters =>
                {
                    parameters.HostConfig!.Privileged = false;
                    parameters.HostConfig.CgroupnsMode = null!;
                })
                .Build();
    }
}

/// <summary>The tests share one cluster, and run one at a time.</summary>
[CollectionDefinition(Name)]
public sealed class K3sCollection : ICollectionFixture<K3sCluster>
{
    public const string Name = "K3s";
}
