using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Enforcement.Workloads;
using Wayleave.Kubernetes.Client;
using Wayleave.Kubernetes.Models;
using Wayleave.Observation.Proposals;

namespace Wayleave.Mapper.Page;

/// <summary>The stored map, and what is declared.</summary>
internal sealed record StoredMap(SeenMap Seen, DeclarationIndex Declared);

/// <summary>
/// Reads what the page shows, with the mapper's own rights, on a standby too. Nothing is kept: each page shows what is stored now.
/// </summary>
internal sealed class MapReader(IKubernetesClient client)
{
    /// <summary>The most calls that a page has.</summary>
    public const int MaxCalls = 20_000;

    /// <summary>The most objects of a kind that are read for a page.</summary>
    public const int MaxObjects = 20_000;

    private const int PageSize = 200;

    /// <param name="namespace">Null for all.</param>
    /// <exception cref="LimitExceededException">There is more than a page can show.</exception>
    /// <exception cref="KubernetesException">The API server rejected a list.</exception>
    public async Task<StoredMap> ReadAsync(string? @namespace, CancellationToken cancellationToken)
    {
        var objects = await ListAsync<ObservedIntents>("calls", @namespace, MaxCalls, CountCalls, cancellationToken);
        var declarations = await ListAsync<ClientIntents>(
            "targets of ClientIntents", @namespace, MaxCalls, intents => intents.Spec?.Targets?.Count ?? 0, cancellationToken);
        var facts = declarations.Exists(MapFacts.AreNeededFor) ? await ReadFactsAsync(cancellationToken) : MapFacts.None;
        return new StoredMap(SeenMap.Read(objects), new DeclarationIndex(declarations, facts));
    }

    private static int CountCalls(ObservedIntents intents) => intents.Calls?.Count ?? 0;

    private async Task<MapFacts> ReadFactsAsync(CancellationToken cancellationToken)
    {
        var services = await ListAllAsync<PartialService>("Services", cancellationToken);
        List<Workload> workloads =
        [
            .. (await ListAllAsync<PartialDeployment>("Deployments", cancellationToken)).Select(Workload.From),
            .. (await ListAllAsync<PartialStatefulSet>("StatefulSets", cancellationToken)).Select(Workload.From),
            .. (await ListAllAsync<PartialDaemonSet>("DaemonSets", cancellationToken)).Select(Workload.From),
            .. (await ListCronJobsAsync(cancellationToken)).Select(Workload.From),
            .. (await ListAllAsync<PartialJob>("Jobs", cancellationToken)).Select(Workload.From),
        ];
        return new MapFacts(workloads, services);
    }

    // API servers before Kubernetes 1.21 serve none in v1.
    private async Task<List<PartialCronJob>> ListCronJobsAsync(CancellationToken cancellationToken) =>
        await client.IsServedAsync<PartialCronJob>(cancellationToken)
            ? await ListAllAsync<PartialCronJob>("CronJobs", cancellationToken)
            : [];

    private Task<List<TEntity>> ListAllAsync<TEntity>(string what, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta> =>
        ListAsync<TEntity>(what, @namespace: null, MaxObjects, _ => 1, cancellationToken);

    private async Task<List<TEntity>> ListAsync<TEntity>(
        string what, string? @namespace, int limit, Func<TEntity, int> count, CancellationToken cancellationToken)
        where TEntity : class, IKubernetesObject<V1ObjectMeta>
    {
        List<TEntity> all = [];
        var total = 0;
        var query = new ListOptions { Namespace = @namespace, Limit = PageSize };
        do
        {
            var page = await client.ListAsync<TEntity>(query, Add, cancellationToken);
            query = query with { ContinueToken = page.ContinueProperty };
        }
        while (!string.IsNullOrEmpty(query.ContinueToken));

        // In the order in which kubectl wayleave reads them.
        return
        [
            .. all.OrderBy(entity => entity.Metadata.NamespaceProperty, StringComparer.Ordinal)
                .ThenBy(entity => entity.Metadata.Name, StringComparer.Ordinal),
        ];

        void Add(TEntity entity)
        {
            total += count(entity);
            if (total > limit || all.Count >= MaxObjects)
            {
                throw new LimitExceededException($"there are more than {limit} {what} in {PageAccess.ScopeOf(@namespace)}");
            }

            entity.Metadata.ManagedFields = null;
            all.Add(entity);
        }
    }
}
