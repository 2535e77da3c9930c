using System.Net;
using k8s;
using k8s.Models;
using Wayleave.Kubernetes.Client;
using Wayleave.Operator.Configuration;
using Wayleave.Operator.Hosting;
using Wayleave.Operator.Telemetry;
using Wayleave.Telemetry.Ledgers;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Telemetry;

/// <summary>How the store reports requests that the API server refuses.</summary>
public sealed class ConfigMapLedgerStoreTests
{
    private static readonly Dictionary<string, string> Entries = new(StringComparer.Ordinal) { ["sequence"] = "1" };

    [Fact]
    public async Task Reports_a_missing_namespace_with_how_to_fix_it()
    {
        (await RefusedSaveAsync(Store(create: Refusal(404, "NotFound")))).ShouldBe(
            "namespace \"no-such-ns\" does not exist; create it, or set --namespace to the operator's own namespace");
    }

    [Fact]
    public async Task Reports_a_namespace_that_is_being_deleted()
    {
        (await RefusedSaveAsync(Store(create: Refusal(403, "Forbidden", "NamespaceTerminating"))))
            .ShouldStartWith("namespace \"no-such-ns\" is being deleted");
    }

    [Theory]
    [InlineData(null)]
    [InlineData("7")]
    public async Task Reports_a_missing_write_permission_with_the_verbs_to_allow(string? version)
    {
        var forbidden = Refusal(403, "Forbidden");

        (await RefusedSaveAsync(Store(create: forbidden, patch: forbidden), version)).ShouldBe(
            "no permission to write ConfigMap \"wayleave-telemetry\" in namespace \"no-such-ns\"; allow get and patch on it, and create on "
            + "ConfigMaps there, as the chart's Role does");
    }

    [Fact]
    public async Task Reports_a_missing_read_permission() =>
        (await Should.ThrowAsync<LedgerStoreException>(() => Store(get: Refusal(403, "Forbidden")).LoadAsync(default)))
            .Message.ShouldStartWith("no permission to read ConfigMap \"wayleave-telemetry\" in namespace \"no-such-ns\"");

    [Fact]
    public async Task Reports_any_other_refusal_with_its_status() =>
        (await RefusedSaveAsync(Store(patch: Refusal(422, "Invalid")), "7")).ShouldBe("the API server returned 422 Invalid");

    [Fact]
    public async Task Returns_null_when_another_writer_saved_first()
    {
        (await Store(create: Refusal(409, "AlreadyExists")).SaveAsync(Entries, null, default)).ShouldBeNull();
        (await Store(patch: Refusal(409, "Conflict")).SaveAsync(Entries, "7", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Returns_null_when_the_ledger_was_deleted() =>
        (await Store(patch: Refusal(404, "NotFound")).SaveAsync(Entries, "7", default)).ShouldBeNull();

    private static async Task<string> RefusedSaveAsync(ConfigMapLedgerStore store, string? version = null) =>
        (await Should.ThrowAsync<LedgerStoreException>(() => store.SaveAsync(Entries, version, default))).Message;

    private static ConfigMapLedgerStore Store(
        KubernetesException? get = null, KubernetesException? create = null, KubernetesException? patch = null)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal) { ["namespace"] = "no-such-ns" };
        var options = OperatorOptions.Read(given, new Dictionary<string, string>(StringComparer.Ordinal));
        return new ConfigMapLedgerStore(new RefusingClient(get, create, patch), options, new OperatorDeployment(options));
    }

    private static KubernetesException Refusal(int status, string reason, string? cause = null) => ApiErrors.Create(
        new V1Status
        {
            Reason = reason,
            Message = "words that may change",
            Details = cause is null ? null : new V1StatusDetails { Causes = [new V1StatusCause { Reason = cause }] },
        },
        (HttpStatusCode)status);

    private sealed class RefusingClient(KubernetesException? get, KubernetesException? create, KubernetesException? patch)
        : FakeKubernetesClient
    {
        public override Task<TEntity?> GetAsync<TEntity>(string name, string? @namespace, CancellationToken cancellationToken)
            where TEntity : class => get is null ? Task.FromResult<TEntity?>(null) : throw get;

        public override Task<TEntity> CreateAsync<TEntity>(TEntity entity, CancellationToken cancellationToken) =>
            create is null ? Task.FromResult(entity) : throw create;

        public override Task<TEntity> PatchAsync<TEntity>(
            string name, string? @namespace, V1Patch patched, CancellationToken cancellationToken) => throw patch!;
    }
}
