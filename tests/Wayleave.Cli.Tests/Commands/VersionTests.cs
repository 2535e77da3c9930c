using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Commands;

public sealed class VersionTests : CliTest
{
    [Fact]
    public async Task Shows_both_versions()
    {
        Apply(Shop.Everything);

        (await RunAsync("version")).ShouldBe(new CliResult(
            ExitCodes.Success, $"Client: {CliVersion.Text}\nServer: 0.1.0 (registry.example/wayleave-operator:0.1.0 in namespace wayleave-system)\n", ""));
    }

    [Fact]
    public async Task The_version_of_the_program_needs_no_cluster()
    {
        Connection.Forbidden.Add("deployments");

        (await RunAsync("version", "--client")).ShouldBe(new CliResult(ExitCodes.Success, $"Client: {CliVersion.Text}\n", ""));
        (await RunAsync("version")).ExitCode.ShouldBe(ExitCodes.Failure);
    }

    [Fact]
    public async Task A_cluster_without_the_operator_is_a_note()
    {
        var result = await RunAsync("version", "-o", "json");
        result.Output.ShouldBe($"{{\n    \"client\": \"{CliVersion.Text}\"\n}}\n");

        (await RunAsync("version")).Error.ShouldBe("Note: no Deployment of the operator was found.\n");
    }

    [Fact]
    public async Task Of_two_operators_one_has_to_be_named()
    {
        Apply(Shop.Everything);
        Apply($"{Shop.Namespace("second")}\n---\n{Shop.Operator.Replace("namespace: wayleave-system", "namespace: second", StringComparison.Ordinal)}");

        (await RunAsync("version")).Error.ShouldBe("error: found several operators, in namespaces second and wayleave-system; choose one with --operator-namespace\n");
        (await RunAsync("version", "--operator-namespace", "second")).Output.ShouldContain("in namespace second");
    }
}
