using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Commands;

/// <summary>The options of <c>events list</c>, and what they ask of a Pod. The time of the tests is 2026-01-01T05:00:00Z.</summary>
public sealed class EventFilterTests : EventsTest
{
    private const string Since = "since=2026-01-01T04%3A00%3A00.000Z&";
    private const string Run = "4bf92f3577b34da6a3ce929d0e0e4736";

    [Theory]
    [InlineData($"{Since}limit=100")]
    [InlineData($"{Since}limit=1000", "--limit", "1000")]
    [InlineData("since=2026-01-01T04%3A30%3A00.000Z&limit=100", "--since", "30m")]
    [InlineData("since=2026-01-01T03%3A30%3A00.000Z&limit=100", "--since=1h30m")]
    [InlineData("since=2025-12-25T05%3A00%3A00.000Z&limit=100", "--since", "7d")]
    [InlineData("since=2025-12-31T06%3A00%3A00.250Z&limit=100", "--since", "2025-12-31T08:00:00.25+02:00")]
    [InlineData(
        "since=2025-12-31T08%3A00%3A00.000Z&until=2026-01-01T04%3A00%3A00.000Z&limit=100", "--since", "2025-12-31T08:00:00Z", "--until", "1h")]
    [InlineData($"{Since}type=policy_created&type=policy_deleted&limit=100", "--type", "policy_created,policy_deleted")]
    [InlineData($"{Since}type=policy_created&type=policy_deleted&limit=100", "--type=policy_created", "--type", "policy_deleted,policy_created")]
    [InlineData($"{Since}run={Run}&limit=100", "--run", "4BF92F3577B34DA6A3CE929D0E0E4736")]
    [InlineData($"{Since}session=wayleave-7d9f%2F4&limit=100", "--session", "wayleave-7d9f/4")]
    [InlineData($"{Since}session=a%26limit%3D1%23&limit=100", "--session", "a&limit=1#")]
    [InlineData($"{Since}limit=100", "--subject", "", "--run", "", "--session", "")]
    public async Task Asks_for_what_was_chosen(string query, params string[] options)
    {
        var store = new FakeEventStore();
        GivenStores(store);
        var result = await ListAsync(options);

        result.ExitCode.ShouldBe(ExitCodes.Success, result.Error);
        store.Queries.ShouldBe([query]);
    }

    [Theory]
    [InlineData("clientintents/shop/checkout", "clientintents/shop/checkout")]
    [InlineData("ClientIntents/shop", "clientintents/shop")]
    [InlineData("CI/shop/checkout", "clientintents/shop/checkout")]
    [InlineData("protectedservices/shop", "protectedservice/shop")]
    [InlineData("enforcementpolicies/default", "enforcementpolicy/default")]
    [InlineData("clusters", "cluster")]
    [InlineData("netpol/shop/wayleave-cart", "networkpolicy/shop/wayleave-cart")]
    [InlineData("Deployment/shop/cart", "deployment/shop/cart")]
    [InlineData("widget/shop/cart", "widget/shop/cart")]
    public async Task Names_a_subject_as_the_operator_does(string subject, string expected)
    {
        var store = new FakeEventStore();
        GivenStores(store);
        await ListAsync("--subject", subject);

        store.Queries.ShouldBe([$"{Since}subject={Uri.EscapeDataString(expected)}&limit=100"]);
    }

    [Theory]
    [InlineData("--since: \"yesterday\" is neither a duration of at most ten years nor a time in RFC 3339; use a duration like 30m", "--since", "yesterday")]
    [InlineData("--since: \"2026-01-01T00:00:00\" is neither", "--since", "2026-01-01T00:00:00")]
    [InlineData("--since: \"2026-01-01\" is neither", "--since", "2026-01-01")]
    [InlineData("--since: \"10\" is neither", "--since", "10")]
    [InlineData("--since: \"99999d\" is neither", "--since", "99999d")]
    [InlineData("--since: \"-1d\" is neither", "--since", "-1d")]
    [InlineData("--until: \"later\" is neither", "--until", "later")]
    [InlineData("--since: \"1h\" is not before --until; use an earlier time", "--until", "2h")]
    [InlineData("--since: \"5m\" is not before --until; use an earlier time", "--since", "5m", "--until", "5m")]
    [InlineData("--type: \"policy_made\" is not a type of event; use one of policy_created, policy_updated, ", "--type", "policy_created,policy_made")]
    [InlineData("--subject: \"a/b/c/d\" is not an object; use KIND/NAMESPACE/NAME, KIND/NAMESPACE, KIND/NAME or KIND", "--subject", "a/b/c/d")]
    [InlineData("--subject: \"clientintents/\" is not an object", "--subject", "clientintents/")]
    [InlineData("--subject: \"a b\" is not an object", "--subject", "a b")]
    [InlineData("--run: \"4bf92f35\" is not the ID of a reconcile; use all 32 hexadecimal digits", "--run", "4bf92f35")]
    [InlineData("--run: \"zbf92f3577b34da6a3ce929d0e0e4736\" is not the ID", "--run", "zbf92f3577b34da6a3ce929d0e0e4736")]
    [InlineData("--limit: \"0\" is not a number of events; use 1 to 1000", "--limit", "0")]
    [InlineData("--limit: \"1001\" is not a number of events", "--limit", "1001")]
    [InlineData("--limit: \"ten\" is not a number of events", "--limit", "ten")]
    public async Task An_invalid_value_names_the_option_and_the_fix(string error, params string[] options)
    {
        var store = new FakeEventStore();
        GivenStores(store);
        var result = await ListAsync(options);

        result.ExitCode.ShouldBe(ExitCodes.BadUsage);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldStartWith($"error: {error}");
        store.Queries.ShouldBeEmpty();
    }
}
