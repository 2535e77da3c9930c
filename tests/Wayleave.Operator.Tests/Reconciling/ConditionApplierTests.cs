using k8s;
using k8s.Models;
using Wayleave.Api;
using Wayleave.Operator.Reconciling;
using Wayleave.Testing.Kubernetes;

namespace Wayleave.Operator.Tests.Reconciling;

public sealed class ConditionApplierTests
{
    private static readonly V1Condition _condition = new() { Type = "OwnedByAnother", Status = "True" };

    private readonly ClientIntents _seen = With("Ready");

    [Fact]
    public async Task Carries_the_conditions_of_others_where_an_apply_replaces_the_list()
    {
        var fake = new FakeLists(isReplaced: true);
        var applier = new ConditionApplier(fake);

        await ApplyAsync(applier);
        await ApplyAsync(applier);

        fake.Sent.ShouldBe(["dry OwnedByAnother", "OwnedByAnother Ready", "OwnedByAnother Ready"]);
    }

    [Fact]
    public async Task Applies_only_its_own_condition_where_lists_are_merged()
    {
        var fake = new FakeLists(isReplaced: false);
        var applier = new ConditionApplier(fake);

        await ApplyAsync(applier);
        await ApplyAsync(applier);

        fake.Sent.ShouldBe(["dry OwnedByAnother", "OwnedByAnother", "OwnedByAnother"]);
    }

    [Fact]
    public async Task Sends_no_dry_run_where_there_are_no_other_conditions()
    {
        var fake = new FakeLists(isReplaced: true);

        await new ConditionApplier(fake).ApplyAsync<ClientIntents, ClientIntentsStatus>(With("OwnedByAnother"), _condition, "second", CancellationToken.None);

        fake.Sent.ShouldBe(["OwnedByAnother"]);
    }

    [Fact]
    public async Task Removes_only_its_own_condition()
    {
        var fake = new FakeLists(isReplaced: true);

        await new ConditionApplier(fake).ApplyAsync<ClientIntents, ClientIntentsStatus>(_seen, condition: null, "second", CancellationToken.None);

        fake.Sent[^1].ShouldBe("Ready");
    }

    private Task<ClientIntents> ApplyAsync(ConditionApplier applier) =>
        applier.ApplyAsync<ClientIntents, ClientIntentsStatus>(_seen, _condition, "second", CancellationToken.None);

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
            var stored = isReplaced ? intents : With([.. Types(intents).Split(' ').Append("Ready").Distinct()]);
            return Task.FromResult((TEntity)(IKubernetesObject<V1ObjectMeta>)stored);
        }
    }
}
