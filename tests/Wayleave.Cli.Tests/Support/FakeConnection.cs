using System.Net;
using System.Text.RegularExpressions;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Cli.Access;
using Wayleave.Kubernetes;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Hosting;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Cli.Tests.Support;

/// <summary>A connection to a cluster in memory, which evaluates namespaces and equality of labels in lists.</summary>
internal sealed class FakeConnection : IClusterConnection
{
    public FakeConnection(int minor = KubernetesVersions.Current)
    {
        Cluster = new FakeCluster(ApiClients.Registry, WayleaveLabels.FieldManager, minor);
        CliCluster = new FakeCluster(CliRegistry, WayleaveLabels.FieldManager, minor);
    }

    /// <summary>What the program reads in its own way, and namespaces, without which a cluster has no objects.</summary>
    public static EntityRegistry CliRegistry { get; } = CliKinds.Registry.Add<V1Namespace>(EntityScope.Cluster);

    public FakeCluster Cluster { get; }

    public FakeCluster CliCluster { get; }

    /// <summary>Resources that the user may not list.</summary>
    public HashSet<string> Forbidden { get; } = new(StringComparer.Ordinal);

    /// <summary>Resources whose kind is not installed.</summary>
    public HashSet<string> NotInstalled { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether lists have two pages, of which the second has expired.</summary>
    public bool PagesExpire { get; set; }

    public IKubernetesClient Client => new ScopedClient(Cluster, ApiClients.Registry, Forbidden) { PagesExpire = PagesExpire };

    public IKubernetesClient CliClient => new ScopedClient(CliCluster, CliRegistry, Forbidden) { NotInstalled = NotInstalled };

    public string? Namespace { get; init; } = "shop";

    /// <summary>Answers by path. Every other path is forbidden.</summary>
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    public Task<string> ReadTextAsync(string path, CancellationToken cancellationToken) => Texts.TryGetValue(path.Split('?')[0], out var text)
        ? Task.FromResult(text)
        : throw ApiErrors.Create(
            new V1Status { Reason = "Forbidden", Message = $"User \"jane\" cannot get path \"{path}\"", Code = 403 }, HttpStatusCode.Forbidden);

    /// <summary>The event stores of Pods, by the name of the Pod. Others are not reached.</summary>
    public Dictionary<string, FakeEventStore> EventStores { get; } = new(StringComparer.Ordinal);

    /// <summary>ServiceAccounts of which a token was requested.</summary>
    public List<string> TokenRequests { get; } = [];

    /// <summary>ServiceAccounts that do not exist.</summary>
    public HashSet<string> MissingAccounts { get; } = new(StringComparer.Ordinal);

    public async Task<string> ReadTextAsync(
        string path, IReadOnlyDictionary<string, string> headers, long maxBytes, CancellationToken cancellationToken)
    {
        var match = Regex.Match(
            path, @"^api/v1/namespaces/wayleave-system/pods/https:(?<pod>[^/]+):8443/proxy/v1/events\?(?<query>.+)$", RegexOptions.ExplicitCapture,
            TimeSpan.FromSeconds(1));
        var pod = match.Success ? match.Groups["pod"].Value : throw new InvalidOperationException($"No test asks for {path}.");
        CheckMay("get", "pods/proxy", "pods", pod);
        var text = EventStores.TryGetValue(pod, out var store)
            ? await store.AnswerAsync(match.Groups["query"].Value, headers, cancellationToken)
            : throw ApiErrors.Create(
                new V1Status { Reason = "ServiceUnavailable", Message = "error trying to reach service: connection refused", Code = 503 },
                HttpStatusCode.ServiceUnavailable);
        return text.Length <= maxBytes ? text : throw new LimitExceededException("too long");
    }

    public Task<string> RequestTokenAsync(NamespacedName account, string audience, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        CheckMay("create", "serviceaccounts/token", "serviceaccounts", account.Name);
        TokenRequests.Add($"{account} for {audience}, {lifetime.TotalSeconds} s");
        return MissingAccounts.Contains(account.Name)
            ? throw ApiErrors.Create(
                new V1Status { Reason = "NotFound", Message = $"serviceaccounts \"{account.Name}\" not found", Code = 404 }, HttpStatusCode.NotFound)
            : Task.FromResult(FakeEventStore.Token);
    }

    private void CheckMay(string verb, string resource, string plural, string name)
    {
        if (Forbidden.Contains(resource))
        {
            var message = $"{plural} \"{name}\" is forbidden: User \"jane\" cannot {verb} resource \"{resource}\" in API group \"\" in the namespace \"wayleave-system\"";
            throw ApiErrors.Create(new V1Status { Reason = "Forbidden", Message = message, Code = 403 }, HttpStatusCode.Forbidden);
        }
    }

    public void Dispose()
    {
        // The cluster is inspected after the command.
    }

    private sealed class ScopedClient(FakeCluster cluster, EntityRegistry registry, IReadOnlySet<string> forbidden) : FakeKubernetesClient
    {
        public bool PagesExpire { get; init; }

        public HashSet<string> NotInstalled { get; init; } = new HashSet<string>(StringComparer.Ordinal);

        public override Task<bool> DeleteAsync<TEntity>(
            string name, string? @namespace, V1Preconditions? preconditions, CancellationToken cancellationToken)
        {
            Check<TEntity>("delete", @namespace);
            return cluster.DeleteAsync<TEntity>(name, @namespace, preconditions, cancellationToken);
        }

        public override async Task<KubernetesList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken)
        {
            Check<TEntity>("list", options.Namespace);
            if (options.ContinueToken is not null)
            {
                throw ApiErrors.Create(new V1Status { Reason = "Expired", Message = "too old", Code = 410 }, HttpStatusCode.Gone);
            }

            var page = await cluster.ListAsync<TEntity>(options, cancellationToken);
            var items = page.Items.Where(entity =>
                (options.Namespace is null || entity.Metadata.NamespaceProperty == options.Namespace)
                && Matches(options.LabelSelector, entity.Metadata.Labels));
            return PagesExpire && options.Limit is not null
                ? new KubernetesList<TEntity>([.. items.Take(1)]) { Metadata = new V1ListMeta { ContinueProperty = "second" } }
                : new KubernetesList<TEntity>([.. items]) { Metadata = page.Metadata };
        }

        public override Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
            where TEntity : class
        {
            Check<TEntity>("get", @namespace);
            return cluster.GetAsync<TEntity>(name, @namespace, cancellationToken);
        }

        public override Task<bool> IsServedAsync<TEntity>(CancellationToken cancellationToken) => cluster.IsServedAsync<TEntity>(cancellationToken);

        public override Task<VersionInfo> GetVersionAsync(CancellationToken cancellationToken) => cluster.GetVersionAsync(cancellationToken);

        private void Check<TEntity>(string verb, string? @namespace)
            where TEntity : class, IKubernetesObject<V1ObjectMeta>
        {
            var entity = registry.Get<TEntity>().Entity;
            if (NotInstalled.Contains(entity.PluralName))
            {
                throw ApiErrors.Create(
                    new V1Status { Reason = "NotFound", Message = "the server could not find the requested resource", Code = 404 },
                    HttpStatusCode.NotFound);
            }

            if (forbidden.Contains(entity.PluralName))
            {
                var where = @namespace is null ? "at the cluster scope" : $"in the namespace \"{@namespace}\"";
                var message = $"{entity.PluralName} is forbidden: User \"jane\" cannot {verb} resource \"{entity.PluralName}\" in API group \"{entity.Group}\" {where}";
                throw ApiErrors.Create(new V1Status { Reason = "Forbidden", Message = message, Code = 403 }, HttpStatusCode.Forbidden);
            }
        }

        private static bool Matches(string? selector, IDictionary<string, string>? labels) => (selector ?? "")
            .Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(requirement => requirement.Split('='))
            .Where(requirement => requirement.Length == 2 && !requirement[0].EndsWith('!'))
            .All(requirement => labels is not null && labels.TryGetValue(requirement[0], out var value) && value == requirement[1]);
    }
}
