using k8s.Models;
using Wayleave.Cli.Tests.Support;
using Wayleave.Enforcement;
using Wayleave.Operator.Tests.Meaning.Running;
using Wayleave.Testing.Meaning;

namespace Wayleave.Cli.Tests.Maps;

/// <summary>Wildcard domains, whose addresses the map has.</summary>
public sealed class WildcardTests : CliTest
{
    private const string Wildcard = "[{internet: {domains: [\"*.example.com\"], ports: [443]}}]";
    private static readonly string _seen = SeenShop.Observed(
        "checkout", SeenShop.Calls(SeenShop.Call("{internet: {domains: [api.example.com], ports: [443]}}", more: ", addresses: [203.0.113.7, 169.254.1.1]")));

    [Fact]
    public async Task Preview_shows_the_addresses_that_the_clients_Pods_got()
    {
        Given();
        Apply(_seen);
        Input = Shop.Intents("checkout", Wildcard);

        var result = await RunAsync("intents", "preview", "-f", "-");

        result.Output.ShouldContain("cidr: '203.0.113.7/32'");
        result.Output.ShouldNotContain("169.254.1.1");
        result.Error.ShouldNotContain("Note");
    }

    [Fact]
    public async Task Preview_says_that_a_wildcard_waits_for_an_answer()
    {
        Given();
        Input = Shop.Intents("checkout", Wildcard);

        (await RunAsync("intents", "preview", "-f", "-")).Error.ShouldContain(
            "Note: *.example.com will allow the addresses that DNS answers to the client's Pods; the network mapper has seen none yet.\n");
    }

    [Fact]
    public async Task Preview_says_that_a_wildcard_needs_the_map()
    {
        Given("--egress=true");
        Apply(_seen);
        Input = Shop.Intents("checkout", Wildcard);

        var result = await RunAsync("intents", "preview", "-f", "-");

        result.Output.ShouldNotContain("203.0.113.7/32");
        result.Error.ShouldContain("Note: *.example.com will allow nothing: the operator does not read the map of the network mapper.\n");
    }

    [Fact]
    public async Task Preview_without_the_right_to_read_the_map_shows_what_is_in_force()
    {
        Given();
        Apply(_seen);
        Apply(Shop.Intents("checkout", Wildcard));
        await RunOperatorAsync(new Defaults(EnforcementMode.Enforce, Egress: true), new RunningOptions { ObservedIntents = true });
        Connection.Cluster.List<V1NetworkPolicy>().ShouldHaveSingleItem().Spec!.Egress!.Count.ShouldBe(3);
        Connection.Forbidden.Add("observedintents");
        Input = Shop.Intents("checkout", Wildcard);

        var result = await RunAsync("intents", "preview", "-f", "-");

        result.ExitCode.ShouldBe(ExitCodes.Success, result.Error);
        result.Output.ShouldBe("");
        result.Error.ShouldContain(
            "Note: you may not list ObservedIntents, so of the addresses of wildcard domains only those are shown that are in force.\n");
    }

    [Fact]
    public async Task Explain_names_the_declaration_and_the_refused_address()
    {
        Given();
        Apply(_seen);
        Apply(Shop.Intents("checkout", Wildcard));

        var result = await RunAsync("intents", "explain", "checkout");

        result.Output.ShouldContain("203.0.113.7/32");
        result.Output.ShouldContain("UnsafeAddress");
        result.Output.ShouldContain("resolves to 169.254.1.1, a link-local address");
    }

    [Fact]
    public async Task Diff_shows_a_declared_call_of_which_every_address_is_refused()
    {
        Given();
        Apply(_seen.Replace("203.0.113.7, ", "", StringComparison.Ordinal));
        Apply(Shop.Intents("checkout", Wildcard));

        (await RunAsync("map", "diff", "-A", "--enforce")).Output.ShouldContain("api.example.com");
        Apply(_seen);
        (await RunAsync("map", "diff", "-A", "--enforce")).Output.ShouldNotContain("api.example.com");
    }

    private void Given(string flags = "--egress=true, --observed-intents=true") =>
        Apply(Shop.Everything.Replace("--egress=false", flags, StringComparison.Ordinal));
}
