using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Operator.Reconciling;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Reconciling;

public sealed class StatusApplierTests
{
    private readonly ClientIntents _cached = With("Ready", "Approved");

    [Fact]
    public async Task Sends_the_conditions_of_others_when_the_API_server_replaces_lists()
    {
        var fake = new FakeLists(isReplaced: true);
        var applier = new StatusApplier(fake);

        await ApplyAsync(applier);
        await ApplyAsync(applier);

        fake.Sent.ShouldBe(["dry Ready", "Ready Approved", "Ready Approved"]);
    }

    [Fact]
    public async Task Sends_only_its_own_conditions_when_the_API_server_merges_lists()
    {
        var fake = new FakeLists(isReplaced: false);
        var applier = new StatusApplier(fake);

        await ApplyAsync(applier);
        await ApplyAsync(applier);

        fake.Sent.ShouldBe(["dry Ready", "Ready", "Ready"]);
    }

    [Fact]
    public async Task Makes_no_dry_run_when_there_are_no_conditions_of_others()
    {
        var fake = new FakeLists(isReplaced: true);

        await new StatusApplier(fake).ApplyAsync(With("Ready"), With("Ready").Status!, IsOurs, "wayleave", CancellationToken.None);

        fake.Sent.ShouldBe(["Ready"]);
    }

    [Fact]
    public async Task Keeps_the_conditions_of_others_when_it_removes_its_only_condition()
    {
        var fake = new FakeLists(isReplaced: true);
        var status = new ClientIntentsStatus();

        await new StatusApplier(fake).ApplyAsync(_cached, status, static condition => condition.Type == "Ready", "wayleave", CancellationToken.None);

        fake.Sent[^1].ShouldBe("Approved");
    }

    private static bool IsOurs(V1Condition condition) => condition.Type == "Ready";

    private Task<ClientIntents> ApplyAsync(StatusApplier applier) => applier.ApplyAsync(_cached, With("Ready").Status!, IsOurs, "wayleave", CancellationToken.None);

    private static ClientIntents With(params string[] types) => new()
    {
        Metadata = new V1ObjectMeta { Name = "checkout", NamespaceProperty = "shop" },
        Status = new ClientIntentsStatus { Conditions = [.. types.Select(type => new V1Condition { Type = type, Status = "True" })] },
    };

    private static string Types(ClientIntents intents) => string.Join(' ', (intents.Status!.Conditions ?? []).Select(condition => condition.Type));

    /// <summary>An API server that merges applied conditions with the condition of another manager, or replaces all of them.</summary>
    private sealed class FakeLists(bool isReplaced) : FakeKubernetesClient
    {
        public List<string> Sent { get; } = [];

        public override Task<TEntity> ApplyStatusAsync<TEntity>(TEntity entity, string fieldManager, bool dryRun, CancellationToken cancellationToken)
        {
            var intents = entity as ClientIntents ?? throw new NotSupportedException();
            Sent.Add($"{(dryRun ? "dry " : "")}{Types(intents)}");
            var stored = isReplaced ? intents : With([.. Types(intents).Split(' ').Append("Approved").Distinct()]);
            return Task.FromResult((TEntity)(IKubernetesObject<V1ObjectMeta>)stored);
        }
    }
}
