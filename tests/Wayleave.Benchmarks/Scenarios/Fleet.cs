using System.Globalization;
using System.Text;
using Wayleave.Testing.Operators;

namespace Wayleave.Benchmarks.Scenarios;

/// <summary>Deployments of a usual size in namespaces of fifty, each of which calls the next in its namespace.</summary>
internal sealed class Fleet(TestCluster cluster) : IDisposable
{
    public const int PerNamespace = 50;
    private static readonly ParallelOptions Connections = new() { MaxDegreeOfParallelism = 16 };
    private readonly BareClient _client = new(cluster, "test");

    /// <summary>How many Deployments there are.</summary>
    public int Deployed { get; private set; }

    /// <summary>How many of them have a ClientIntents, the first ones.</summary>
    public int Declared { get; private set; }

    public static string NamespaceOf(int i) => string.Create(CultureInfo.InvariantCulture, $"team-{i / PerNamespace}");

    public static string NameOf(int i) => string.Create(CultureInfo.InvariantCulture, $"app-{i % PerNamespace}");

    /// <summary>The policy that a declaration makes.</summary>
    public static string PolicyOf(int i) => $"wayleave-deployment-{ServerOf(i)}-ingress";

    public static string PathOf(int i, string resource) => $"apis/{resource.Replace(":", $"/namespaces/{NamespaceOf(i)}/", StringComparison.Ordinal)}";

    /// <summary>Makes the namespaces that <see cref="DeployAsync"/> would make, and nothing in them.</summary>
    public async Task CreateNamespacesAsync(int size)
    {
        for (var first = Deployed; first < size; first += PerNamespace)
        {
            await cluster.CreateNamespaceAsync(NamespaceOf(first));
        }
    }

    /// <summary>Deploys so many in all, and returns when Kubernetes' controllers have done their part.</summary>
    public async Task DeployAsync(int size)
    {
        await CreateNamespacesAsync(size);
        await Parallel.ForAsync(Deployed, size, Connections, async (i, token) => await _client.ApplyAsync(
            PathOf(i, $"apps/v1:deployments/{NameOf(i)}"), Encoding.UTF8.GetBytes(Deployments.Json(NamespaceOf(i), NameOf(i))), token));
        Deployed = Math.Max(size, Deployed);
        await Quiet.ReachedAsync(cluster);
    }

    /// <summary>Declares for so many in all; told of each when the API server has it.</summary>
    /// <param name="size">How many.</param>
    /// <param name="clusters">Which clusters are meant, as JSON; null says nothing of that.</param>
    /// <param name="declared">Called from any thread.</param>
    public async Task DeclareAsync(int size, string? clusters = null, Action<int>? declared = null)
    {
        await Parallel.ForAsync(Declared, size, Connections, async (i, token) =>
        {
            await DeclareAsync(i, 8080, clusters, token);
            declared?.Invoke(i);
        });
        Declared = size;
    }

    /// <summary>Declares that one calls the next at a port.</summary>
    public Task DeclareAsync(int i, int port, string? clusters = null, CancellationToken cancellationToken = default)
    {
        var spec = string.Create(CultureInfo.InvariantCulture, $$$"""{"workload":{"name":"{{{NameOf(i)}}}"},"targets":[{"kubernetes":{"name":"{{{ServerOf(i)}}}","ports":[{{{port}}}]}}]{{{(clusters is null ? "" : $",\"clusters\":{clusters}")}}}}""");
        var body = $$"""{"apiVersion":"wayleave.dev/v1beta1","kind":"ClientIntents","metadata":{"name":"{{NameOf(i)}}","namespace":"{{NamespaceOf(i)}}"},"spec":{{spec}}}""";
        return _client.ApplyAsync(PathOf(i, $"wayleave.dev/v1beta1:clientintents/{NameOf(i)}"), Encoding.UTF8.GetBytes(body), cancellationToken);
    }

    /// <summary>Deletes all declarations, and all policies that nobody is there to delete.</summary>
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
