using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Commands;

public sealed class ValidateTests : CliTest
{
    private static string Invalid => Path.Combine(AppContext.BaseDirectory, "Manifests", "invalid.yaml");

    [Fact]
    public async Task Names_file_line_and_field_of_each_mistake()
    {
        var result = await RunAsync("intents", "validate", "-f", Invalid);

        result.ExitCode.ShouldBe(ExitCodes.No);
        result.Error.ShouldBe("Note: 1 object of other kinds or versions not checked.\n2 of 2 objects are invalid.\n");
        ShouldBeGolden(result.Output.Replace(Invalid, "invalid.yaml", StringComparison.Ordinal), "validate");
    }

    [Fact]
    public async Task Needs_no_cluster()
    {
        Input = Shop.Intents("checkout", "[{kubernetes: {name: cart}}]");
        Connection.Forbidden.UnionWith(["clientintents", "deployments", "namespaces"]);

        (await RunAsync("intents", "validate", "-f", "-")).ShouldBe(new CliResult(ExitCodes.Success, "", "1 object is valid.\n"));
    }

    [Fact]
    public async Task What_is_not_enforced_yet_is_a_warning()
    {
        Input = Shop.Intents("checkout", "[{kafka: {name: kafka}}]");
        var result = await RunAsync("intents", "validate", "-f", "-");

        result.ExitCode.ShouldBe(ExitCodes.Success);
        result.Output.ShouldBe("<stdin>:6: warning: spec.targets[0].kafka: Kafka servers and topics are not enforced yet\n");
    }

    [Fact]
    public async Task Text_that_is_not_YAML_is_reported_with_its_line()
    {
        Input = "a: [1\nb: 2";
        var result = await RunAsync("intents", "validate", "-f", "-");

        result.ExitCode.ShouldBe(ExitCodes.No);
        result.Error.ShouldStartWith("error: <stdin>:");
    }

    [Fact]
    public async Task A_file_that_does_not_exist_fails_with_1()
    {
        (await RunAsync("intents", "validate", "-f", "no-such-file.yaml")).ShouldBe(
            new CliResult(ExitCodes.Failure, "", "error: the path \"no-such-file.yaml\" does not exist\n"));
    }

    [Fact]
    public async Task The_samples_of_the_demo_are_valid()
    {
        var result = await RunAsync("intents", "validate", "-f", Testing.Checkout.PathOf("tests/demo/samples"));

        result.Output.ShouldNotContain("error:");
        result.ExitCode.ShouldBe(ExitCodes.Success);
    }
}
