using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Commands;

public sealed class UsageTests : CliTest
{
    [Theory]
    [InlineData("intents", "explain")]
    [InlineData("intents", "can", "checkout")]
    [InlineData("intents", "validate")]
    [InlineData("intents", "list", "--unknown")]
    [InlineData("intents", "list", "-o", "xml")]
    [InlineData("intents", "can", "checkout", "cart", "--port", "http")]
    [InlineData("intents", "can", "checkout", "cart", "--port", "70000")]
    [InlineData("intents", "can", "checkout", "cart", "--port", "53/ICMP")]
    [InlineData("intents", "explain", "service/cart")]
    [InlineData("intents", "explain", "deployment/")]
    [InlineData("intents", "nothing")]
    [InlineData("nothing")]
    public async Task Bad_usage_exits_with_2_and_prints_nothing_on_the_output(params string[] arguments)
    {
        Apply(Shop.Everything);
        var result = await RunAsync(arguments);

        result.ExitCode.ShouldBe(ExitCodes.BadUsage, result.Error);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldStartWith("error: ");
    }

    [Theory]
    [InlineData]
    [InlineData("intents")]
    [InlineData("policies")]
    [InlineData("intents", "can", "--help")]
    public async Task Groups_and_help_print_the_commands_and_exit_with_0(params string[] arguments)
    {
        var result = await RunAsync(arguments);

        result.ExitCode.ShouldBe(ExitCodes.Success);
        result.Output.ShouldContain("Usage:");
        result.Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_object_that_does_not_exist_fails_with_1()
    {
        Apply(Shop.Everything);
        var result = await RunAsync("intents", "get", "checkout");

        result.ShouldBe(new CliResult(ExitCodes.Failure, "", "error: clientintents.wayleave.dev \"checkout\" not found in namespace shop\n"));
    }

    [Fact]
    public async Task A_refused_list_names_the_verb_and_the_resource()
    {
        Apply(Shop.Everything);
        Connection.Forbidden.Add("clientintents");
        var result = await RunAsync("intents", "list");

        result.ShouldBe(new CliResult(
            ExitCodes.Failure, "",
            "Error from server (Forbidden): clientintents is forbidden: User \"jane\" cannot list resource \"clientintents\" in API group \"wayleave.dev\" in the namespace \"shop\"\n"));
    }

    [Fact]
    public async Task Explain_names_every_right_that_is_missing()
    {
        Apply(Shop.Everything);
        Connection.Forbidden.UnionWith(["nodes", "services"]);
        var result = await RunAsync("intents", "explain", "cart");

        result.ExitCode.ShouldBe(ExitCodes.Failure);
        result.Output.ShouldBeEmpty();
        result.Error.ShouldContain("cannot list resource \"nodes\" in API group \"\" at the cluster scope");
        result.Error.ShouldContain("cannot list resource \"services\"");
    }

    [Fact]
    public async Task Explain_names_the_right_to_get_the_identity_of_the_cluster_with_the_others()
    {
        Apply(Shop.Everything);
        Connection.Forbidden.UnionWith(["deployments", "namespaces", "nodes"]);
        var result = await RunAsync("intents", "explain", "cart");

        result.ExitCode.ShouldBe(ExitCodes.Failure);
        result.Error.ShouldStartWith("Note: you may not list Deployments, so the options of the operator are not known; assuming");
        result.Error.ShouldContain("cannot get resource \"namespaces\"");
        result.Error.ShouldContain("cannot list resource \"namespaces\"");
        result.Error.ShouldContain("cannot list resource \"deployments\"");
        result.Error.ShouldContain("cannot list resource \"nodes\"");
    }

    [Fact]
    public async Task A_name_that_two_kinds_have_is_not_guessed()
    {
        Apply(Shop.Everything);
        Apply(Shop.Workload("cart", kind: "StatefulSet"));
        var result = await RunAsync("intents", "explain", "cart");

        result.ExitCode.ShouldBe(ExitCodes.Failure);
        result.Error.ShouldContain("is a Deployment and a StatefulSet; name one as deployment/cart or statefulset/cart");
    }
}
