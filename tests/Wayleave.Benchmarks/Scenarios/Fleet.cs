using System.Globalization;
using System.Text;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>Deployments of a usual size, fifty in each namespace. Each calls the next one in its namespace.</summary>
internal sealed class Fleet(TestCluster cluster) : IDisposable
{
    public const int PerNamespace = 50;
    private static readonly ParallelOptions Connections = new() { MaxDegreeOfParallelism = 16 };
    private readonly BareClient _client = new(cluster, "test");

    /// <summary>The number of Deployments.</summary>
    public int Deployed { get; private set; }

    /// <summary>The number of Deployments with a ClientIntents, counted from the first.</summary>
    public int Declared { get; private set; }

    public static string NamespaceOf(int i) => string.Create(CultureInfo.InvariantCulture, $"team-{i / PerNamespace}");

    public static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"app-{i % PerNamespace}");

    /// <summary>The name of the policy for a declaration.</summary>
    public static string PolicyOf(int i) => $"wayleave-deployment-{ServerOf(i)}-ingress";

    public static string PathOf(int i, string resource) => $"apis/{resource.Replace(":", $"/namespaces/{NamespaceOf(i)}/", StringComparison.Ordinal)}";

    /// <summary>Creates the namespaces of <see cref="DeployAsync"/> without Deployments.</summary>
    public async Task CreateNamespacesAsync(int size)
    {
        for (var first = Deployed; first < size; first += PerNamespace)
        {
            await cluster.CreateNamespaceAsync(NamespaceOf(first));
        }
    }

    /// <summary>Creates Deployments up to this number, and returns when Kubernetes' controllers are idle.</summary>
    public async Task DeployAsync(int size)
    {
        await CreateNamespacesAsync(size);
        await Parallel.ForAsync(Deployed, size, Connections, async (i, token) => await _client.ApplyAsync(
            PathOf(i, $"apps/v1:deployments/{NameOf(i)}"), Encoding.UTF8.GetBytes(Deployments.Json(NamespaceOf(i), NameOf(i))), token));
        Deployed = Math.Max(size, Deployed);
        await Quiet.ReachedAsync(cluster);
    }

    /// <summary>Creates ClientIntents up to this number.</summary>
    /// <param name="size">The number of ClientIntents.</param>
    /// <param name="clusters">The value of <c>spec.clusters</c>, as JSON; null to omit it.</param>
    /// <param name="declared">Called, on any thread, for each ClientIntents that the API server has accepted.</param>
    public async Task DeclareAsync(int size, string? clusters = null, Action<int>? declared = null)
    {
        await Parallel.ForAsync(Declared, size, Connections, async (i, token) =>
        {
            await DeclareAsync(i, 8080, clusters, token);
            declared?.Invoke(i);
        });
        Declared = size;
    }

    /// <summary>Declares that a Deployment calls the next one at a port.</summary>
    public Task DeclareAsync(int i, int port, string? clusters = null, CancellationToken cancellationToken = default)
    {
        var spec = string.Create(CultureInfo.InvariantCulture, $$$"""{"workload":{"name":"{{{NameOf(i)}}}"},"targets":[{"kubernetes":{"name":"{{{ServerOf(i)}}}","ports":[{{{port}}}]}}]{{{(clusters is null ? "" : $",\"clusters\":{clusters}")}}}}""");
        var body = $$"""{"apiVersion":"wayleave.dev/v1beta1","kind":"ClientIntents","metadata":{"name":"{{NameOf(i)}}","namespace":"{{NamespaceOf(i)}}"},"spec":{{spec}}}""";
        return _client.ApplyAsync(PathOf(i, $"wayleave.dev/v1beta1:clientintents/{NameOf(i)}"), Encoding.UTF8.GetBytes(body), cancellationToken);
    }

    /// <summary>Deletes all declarations, and all policies, because no operator may be running to delete them.</summary>
    public async Task ClearAsync()
    {
        for (var first = 0; first < Declared; first += PerNamespace)
        {
            await _client.DeleteAllAsync(PathOf(first, "wayleave.dev/v1beta1:clientintents"));
            await _client.DeleteAllAsync(PathOf(first, "networking.k8s.io/v1:networkpolicies"));
        }

        Declared = 0;
    }

    public void Dispose() => _client.Dispose();

    private static string ServerOf(int i) => NameOf((i + 1) % PerNamespace);
}
