using System.Diagnostics.Metrics;
using k8s;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Configuration;
using Wayleave.Operator.Hosting;

namespace Wayleave.Cli.Access;

/// <summary>A connection to the API server with the rights of the person who runs the command.</summary>
internal interface IClusterConnection : IDisposable
{
    /// <summary>The client for the kinds that the operator knows.</summary>
    IKubernetesClient Client { get; }

    /// <summary>The client for <see cref="CliKinds"/>.</summary>
    IKubernetesClient CliClient { get; }

    /// <summary>The namespace of the context; null if it names none.</summary>
    string? Namespace { get; }

    /// <summary>The answer to a GET, for example a Pod's log.</summary>
    /// <param name="path">The path and query, relative to the address of the API server.</param>
    /// <exception cref="KubernetesException">The API server refused the request.</exception>
    /// <exception cref="LimitExceededException">The answer is too large.</exception>
    Task<string> ReadTextAsync(string path, CancellationToken cancellationToken);

    /// <summary>The answer to a GET with other headers, for example of a Pod behind the API server's proxy.</summary>
    /// <param name="path">The path and query, relative to the address of the API server.</param>
    /// <param name="headers">Sent too.</param>
    /// <param name="maxBytes">The largest answer.</param>
    /// <exception cref="KubernetesException">The API server or the Pod refused the request.</exception>
    /// <exception cref="LimitExceededException">The answer is too large.</exception>
    Task<string> ReadTextAsync(
        string path, IReadOnlyDictionary<string, string> headers, long maxBytes, CancellationToken cancellationToken);

    /// <summary>A token of a ServiceAccount. Nothing is stored in the cluster.</summary>
    /// <exception cref="KubernetesException">The API server refused the request.</exception>
    Task<string> RequestTokenAsync(NamespacedName account, string audience, TimeSpan lifetime, CancellationToken cancellationToken);
}

/// <summary>A connection by kubeconfig, as kubectl finds it.</summary>
internal sealed class ClusterConnection : IClusterConnection
{
    private const long LargestText = 64 * 1024 * 1024;
    private readonly ApiServerConnection _connection;
    private readonly NoopMeterFactory _meters = new();

    private ClusterConnection(ConnectionSource source, bool mayWrite)
    {
        var options = new KubernetesClientOptions { FieldManager = "wayleave-cli" };
        _connection = new ApiServerConnection(
            source, options, new KubernetesMetrics(_meters), TimeProvider.System, () => mayWrite);
        Client = new KubernetesClient(_connection, ApiClients.Registry, options);
        CliClient = new KubernetesClient(_connection, CliKinds.Registry, options);
        Namespace = source.Namespace;
    }

    public IKubernetesClient Client { get; }

    public IKubernetesClient CliClient { get; }

    public string? Namespace { get; }

    /// <param name="kubeconfig">The file that was named; null for those of <c>KUBECONFIG</c> or the default.</param>
    /// <param name="context">Null for the current context.</param>
    /// <param name="warnings">For what makes the connection less safe.</param>
    /// <param name="mayWrite">Whether requests that change something are sent.</param>
    /// <exception cref="k8s.Exceptions.KubeConfigException">None was found, or the one found cannot be used.</exception>
    public static ClusterConnection Open(
        IReadOnlyDictionary<string, string> variables, string? kubeconfig, string? context, TextWriter warnings, bool mayWrite = false)
    {
        var locator = new ConfigurationLocator(variables)
        {
            PrefersHome = true,
            Policy = KubeConfigPolicy.CreatePersonal(message => warnings.WriteLine($"Warning: {message}.")),
        };
        return new ClusterConnection(locator.Locate(kubeconfig, context) with { UserAgent = $"wayleave/{CliVersion.Text}" }, mayWrite);
    }

    public Task<string> ReadTextAsync(string path, CancellationToken cancellationToken) =>
        ReadTextAsync(path, new Dictionary<string, string>(StringComparer.Ordinal), LargestText, cancellationToken);

    public Task<string> ReadTextAsync(
        string path, IReadOnlyDictionary<string, string> headers, long maxBytes, CancellationToken cancellationToken) =>
        _connection.ReadTextAsync(path, headers, maxBytes, cancellationToken);

    public Task<string> RequestTokenAsync(
        NamespacedName account, string audience, TimeSpan lifetime, CancellationToken cancellationToken) =>
        _connection.RequestTokenAsync(account, audience, lifetime, cancellationToken);

    public void Dispose()
    {
        _connection.Dispose();
        _meters.Dispose();
    }
}

/// <summary>Creates meters that nothing listens to.</summary>
internal sealed class NoopMeterFactory : IMeterFactory
{
    private readonly List<Meter> _meters = [];

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public void Dispose() => _meters.ForEach(meter => meter.Dispose());
}
