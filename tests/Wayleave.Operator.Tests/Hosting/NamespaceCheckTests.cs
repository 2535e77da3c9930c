using System.Net;
using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Telemetry;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Hosting;

/// <summary>Flags that name a namespace that does not exist.</summary>
public sealed class NamespaceCheckTests
{
    private readonly FakeCluster _cluster = new(ApiClients.Registry, WayleaveLabels.FieldManager);

    [Fact]
    public async Task Names_the_flag_whose_namespace_does_not_exist()
    {
        (await MissingAsync(null)).ShouldBe("--namespace: there is no namespace \"home\"; create it, or give the name of one that exists");
        _cluster.User.Put(new V1Namespace { Metadata = new V1ObjectMeta { Name = "home", Finalizers = ["kubernetes"] } });
        (await MissingAsync(null)).ShouldBeNull();

        (await MissingAsync("shop"))
            .ShouldBe("--watch-namespace: there is no namespace \"shop\"; create it, or give the name of one that exists");
        _cluster.User.Put(new V1Namespace { Metadata = new V1ObjectMeta { Name = "shop", Finalizers = ["kubernetes"] } });
        (await MissingAsync("shop")).ShouldBeNull();
    }

    [Fact]
    public async Task Reports_no_missing_namespace_without_permission_to_list_namespaces() =>
        (await new NamespaceCheck(new RefusingClient(HttpStatusCode.Forbidden), Options(null)).FindMissingAsync(CancellationToken.None))
            .ShouldBeNull();

    [Fact]
    public async Task Creating_a_ledger_in_a_missing_namespace_throws_and_updating_a_deleted_one_does_not()
    {
        var options = Options(null);
        var store = new ConfigMapLedgerStore(new RefusingClient(HttpStatusCode.NotFound), options, new OperatorDeployment(options));

        var entries = new Dictionary<string, string>(StringComparer.Ordinal);

        await Should.ThrowAsync<LedgerStoreException>(() => store.SaveAsync(entries, version: null, CancellationToken.None));
        (await store.SaveAsync(entries, "5", CancellationToken.None))
            .ShouldBeNull("the ledger was deleted and will be loaded again");
    }

    private Task<string?> MissingAsync(string? watched) =>
        new NamespaceCheck(_cluster, Options(watched)).FindMissingAsync(CancellationToken.None);

    private static OperatorOptions Options(string? watched)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["namespace"] = "home",
            ["clusters"] = "false",
            ["watch-namespace"] = watched ?? "",
        };
        return OperatorOptions.Read(flags, new Dictionary<string, string>(StringComparer.Ordinal));
    }

    private sealed class RefusingClient(HttpStatusCode code) : FakeKubernetesClient
    {
        private KubernetesException Refusal => ApiErrors.Create(new V1Status { Code = (int)code }, code);

        public override Task<KubernetesList<TEntity>> ListAsync<TEntity>(ListOptions options, CancellationToken cancellationToken) =>
            throw Refusal;

        public override Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken) => throw Refusal;

        public override Task<TEntity> PatchAsync<TEntity>(
            string name, string? @namespace, V1Patch patch, CancellationToken cancellationToken) => throw Refusal;
    }
}
