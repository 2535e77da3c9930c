using System.Text.Json.Nodes;
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
        result.Error.ShouldBe("Note: skipped 1 object that is not a wayleave.dev/v1beta1 resource.\n2 of 2 objects are invalid.\n");
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
        result.Output.ShouldMatch("^<stdin>:[0-9]+: error: not YAML");
        result.Error.ShouldBe("1 file cannot be read.\nerror: found no wayleave.dev/v1beta1 resources\n");
    }

    [Fact]
    public async Task A_malformed_file_does_not_hide_the_findings_of_others()
    {
        Input = "a: [1\nb: 2";
        var result = await RunAsync("intents", "validate", "-f", "-", "-f", Invalid, "-o", "json");

        result.ExitCode.ShouldBe(ExitCodes.No);
        var findings = JsonNode.Parse(result.Output)!["findings"]!.AsArray();
        findings[0]!["file"]!.GetValue<string>().ShouldBe("<stdin>");
        findings.Count.ShouldBeGreaterThan(5);
        result.Error.ShouldContain("1 file cannot be read.\n2 of 2 objects are invalid.\n");
    }

    [Theory]
    [InlineData("wayleave.dev/v1beta2", "ClientIntents", "1: error: apiVersion: \"wayleave.dev/v1beta2\" is not known; use wayleave.dev/v1beta1")]
    [InlineData("wayleave.dev", "ClientIntents", "1: error: apiVersion: \"wayleave.dev\" is not known; use wayleave.dev/v1beta1")]
    [InlineData("wayleave.dev/v1beta1", "ClientIntent", "2: error: kind: \"ClientIntent\" is not a kind of wayleave.dev/v1beta1; use one of ClientIntents, ")]
    public async Task An_unknown_version_or_kind_of_the_group_is_an_error(string apiVersion, string kind, string message)
    {
        Input = $"apiVersion: {apiVersion}\nkind: {kind}\nmetadata: {{name: checkout}}";
        var result = await RunAsync("intents", "validate", "-f", "-");

        result.ExitCode.ShouldBe(ExitCodes.No);
        result.Output.ShouldContain($"<stdin>:{message}");
    }

    [Fact]
    public async Task Files_without_a_resource_of_Wayleave_are_invalid()
    {
        Input = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}";

        (await RunAsync("intents", "validate", "-f", "-")).ShouldBe(new CliResult(
            ExitCodes.No, "",
            "Note: skipped 1 object that is not a wayleave.dev/v1beta1 resource.\nerror: found no wayleave.dev/v1beta1 resources\n"));
    }

    [Fact]
    public async Task Names_that_the_API_server_refuses_are_errors()
    {
        Input = Shop.Intents("checkout", "[{kubernetes: {name: cart}}]")
            .Replace("{name: checkout, namespace: shop}", "{name: Bad_Name, namespace: Shop_}", StringComparison.Ordinal);
        var result = await RunAsync("intents", "validate", "-f", "-");

        result.ExitCode.ShouldBe(ExitCodes.No);
        result.Output.ShouldContain("<stdin>:3: error: metadata.name: \"Bad_Name\" cannot be the name of an object; use at most 253");
        result.Output.ShouldContain("<stdin>:3: error: metadata.namespace: \"Shop_\" cannot be the name of a namespace; use at most 63");
    }

    [Fact]
    public async Task An_unknown_field_does_not_hide_a_mistake_beside_it()
    {
        Input = Shop.Intents("checkout", "[{kubernetes: {name: Cart, prots: [8080]}}]");
        var result = await RunAsync("intents", "validate", "-f", "-");

        result.Output.ShouldContain("spec.targets[0].kubernetes.prots: unknown field");
        result.Output.ShouldContain("spec.targets[0].kubernetes.name: \"Cart\"");
    }

    [Theory]
    [InlineData("/dev/zero", "error: /dev/zero is larger than 16 MiB\n", ExitCodes.Failure)]
    [InlineData("-", "error: -f - reads the standard input and can be given once\n", ExitCodes.BadUsage)]
    public async Task A_file_without_an_end_and_a_second_standard_input_are_refused(string file, string error, int code)
    {
        Input = Shop.Intents("checkout", "[{kubernetes: {name: cart}}]");

        (await RunAsync("intents", "validate", "-f", "-", "-f", file)).ShouldBe(new CliResult(code, "", error));
    }

    [Fact]
    public async Task A_standard_input_that_is_too_large_is_refused()
    {
        Input = new string('#', (16 * 1024 * 1024) + 1);

        (await RunAsync("intents", "validate", "-f", "-")).Error.ShouldBe("error: the standard input is larger than 16 MiB\n");
    }

    [Fact]
    public async Task A_name_that_starts_with_an_at_sign_is_a_file_and_not_a_list_of_arguments()
    {
        var folder = Directory.CreateTempSubdirectory("wayleave-cli-");
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "secret"), "s3cr3t");
        var result = await RunAsync("intents", "validate", "-f", $"@{folder.FullName}/secret");
        folder.Delete(recursive: true);

        result.Error.ShouldContain($"the path \"@{folder.FullName}/secret\" does not exist");
        result.Error.ShouldNotContain("s3cr3t");
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
