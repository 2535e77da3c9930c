using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Operator.Reconciling;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Reconciling;

public sealed class StatusApplierTests
{
    private readonly ClientIntents _looked = With("Ready", "Approved");

    [Fact]
    public async Task Where_lists_are_replaced_conditions_of_others_are_carried_along()
    {
        var fake = new FakeLists(isReplaced: true);
        var applier = new StatusApplier(fake);

        await ApplyAsync(applier);
        await ApplyAsync(applier);

        fake.Sent.ShouldBe(["dry Ready", "Ready Approved", "Ready Approved"]);
    }

    [Fact]
    public async Task Where_lists_are_merged_conditions_of_others_are_not_taken_over()
    {
        var fake = new FakeLists(isReplaced: false);
        var applier = new StatusApplier(fake);

        await ApplyAsync(applier);
        await ApplyAsync(applier);

        fake.Sent.ShouldBe(["dry Ready", "Ready", "Ready"]);
    }

    [Fact]
    public async Task Without_conditions_of_others_there_is_nothing_to_find_out()
    {
        var fake = new FakeLists(isReplaced: true);

        await new StatusApplier(fake).ApplyAsync(With("Ready"), With("Ready").Status!, IsOurs, "wayleave", CancellationToken.None);

        fake.Sent.ShouldBe(["Ready"]);
    }

    [Fact]
    public async Task An_only_condition_that_is_taken_back_leaves_those_of_others()
    {
        var fake = new FakeLists(isReplaced: true);
        var status = new ClientIntentsStatus();

        await new StatusApplier(fake).ApplyAsync(_looked, status, static condition => condition.Type == "Ready", "wayleave", CancellationToken.None);

        fake.Sent[^1].ShouldBe("Approved");
    }

    private static bool IsOurs(V1Condition condition) => condition.Type == "Ready";

    private Task<ClientIntents> ApplyAsync(StatusApplier applier) => applier.ApplyAsync(_looked, With("Ready").Status!, IsOurs, "wayleave", CancellationToken.None);

    private static ClientIntents With(params string[] types) => new()
    {
        Metadata = new V1ObjectMeta { Name = "checkout", NamespaceProperty = "shop" },
        Status = new ClientIntentsStatus { Conditions = [.. types.Select(type => new V1Condition { Type = type, Status = "True" })] },
    };

    private static string Types(ClientIntents intents) => string.Join(' ', (intents.Status!.Conditions ?? []).Select(condition => condition.Type));

    /// <summary>An API server that merges the conditions that are applied with the one of someone else, or replaces all.</summary>
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
