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
    private readonly ResultStore _board = new();

    [Fact]
    public void Tells_the_declarations_whose_results_changed_and_no_others()
    {
        _board.Publish(_cart, Results(TargetResult.Enforced)).Intents.ShouldBe([_checkout]);
        _board.Publish(_cart, Results(TargetResult.Enforced)).Intents.ShouldBeEmpty();
        _board.Publish(_cart, Results(TargetResult.Pending(Reasons.WriteFailed, "no"))).Intents.ShouldBe([_checkout]);
        _board.Publish(_cart, new PolicyResults()).Intents.ShouldBe([_checkout]);
    }

    [Fact]
    public void Tells_all_declarations_when_the_policies_have_another_owner()
    {
        _board.Publish(_cart, Results(TargetResult.Enforced));

        _board.Publish(_cart, Results(TargetResult.Enforced, new PolicyOwners(IsOwn: false, Other: "another"))).Intents.ShouldBe([_checkout]);
    }

    [Fact]
    public void Remembers_nothing_of_an_earlier_term()
    {
        _board.Publish(_cart, Results(TargetResult.Enforced));

        _board.Clear();

        _board.Of(_cart).Calls.ShouldBeEmpty();
        _board.Publish(_cart, Results(TargetResult.Enforced)).Intents.ShouldBe([_checkout]);
    }

    [Fact]
    public void Of_several_owners_the_first_in_order_counts()
    {
        var owners = new PolicyOwners(IsOwn: true, Other: null).With(new PolicyOwners(false, "b")).With(PolicyOwners.None).With(new PolicyOwners(false, "a"));

        owners.ShouldBe(new PolicyOwners(IsOwn: true, Other: "a"));
    }

    private static PolicyResults Results(TargetResult result, PolicyOwners owners = default) => new()
    {
        Owners = owners,
        Calls = { [_checkout] = new Judged<CallResult>("uid", 1, [new CallResult(_checkout, 1, 0, result, PolicyName: null)]) },
    };
}
