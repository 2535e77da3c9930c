using Wayleave.Api;
using Wayleave.Enforcement;
using Wayleave.Enforcement.Decisions;
using Wayleave.Kubernetes;
using Wayleave.Operator.Reconciling;

namespace Wayleave.Operator.Tests.Reconciling;

public sealed class ResultStoreTests
{
    private static readonly PolicyKey _cart = new(SubjectType.Workload, "shop", "cart");
    private static readonly NamespacedName _checkout = new("shop", "checkout");
    private readonly ResultStore _store = new();

    [Fact]
    public void Returns_only_the_declarations_whose_results_changed()
    {
        _store.Publish(_cart, Results(TargetResult.Enforced)).Intents.ShouldBe([_checkout]);
        _store.Publish(_cart, Results(TargetResult.Enforced)).Intents.ShouldBeEmpty();
        _store.Publish(_cart, Results(TargetResult.Pending(Reasons.WriteFailed, "no"))).Intents.ShouldBe([_checkout]);
        _store.Publish(_cart, new PolicyResults()).Intents.ShouldBe([_checkout]);
    }

    [Fact]
    public void Returns_all_declarations_when_the_owner_of_the_policies_changes()
    {
        _store.Publish(_cart, Results(TargetResult.Enforced));

        _store.Publish(_cart, Results(TargetResult.Enforced, new OwningInstallations(IsOwn: false, Other: "another"))).Intents.ShouldBe([_checkout]);
    }

    [Fact]
    public void Clear_forgets_all_results()
    {
        _store.Publish(_cart, Results(TargetResult.Enforced));

        _store.Clear();

        _store.Get(_cart).Calls.ShouldBeEmpty();
        _store.Publish(_cart, Results(TargetResult.Enforced)).Intents.ShouldBe([_checkout]);
    }

    [Fact]
    public void Combining_owners_keeps_the_first_other_owner_in_alphabetical_order()
    {
        var owners = new OwningInstallations(IsOwn: true, Other: null).With(new OwningInstallations(false, "b")).With(OwningInstallations.None).With(new OwningInstallations(false, "a"));

        owners.ShouldBe(new OwningInstallations(IsOwn: true, Other: "a"));
    }

    private static PolicyResults Results(TargetResult result, OwningInstallations owners = default) => new()
    {
        Owners = owners,
        Calls = { [_checkout] = new Judged<IntentResult>("uid", 1, [new IntentResult(_checkout, 1, 0, result, PolicyName: null)]) },
    };
}
