using Wayleave.Operator.Configuration;

namespace Wayleave.Operator.Tests.Configuration;

public sealed class OperatorCommandTests
{
    [Fact]
    public void Reads_the_flags_that_are_given_and_runs_nothing()
    {
        OperatorCommand.ReadFlags(["--mode=Shadow", "--egress", "--namespace", "wayleave-system"]).ShouldBe(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["mode"] = "Shadow",
                ["egress"] = "true",
                ["namespace"] = "wayleave-system",
            },
            ignoreOrder: true);
        OperatorCommand.ReadFlags([]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("probe", "http://127.0.0.1:9/")]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("--unknown")]
    public void Rejects_what_is_not_a_flag(params string[] arguments) =>
        Should.Throw<OptionsException>(() => OperatorCommand.ReadFlags(arguments));

    [Fact]
    public void Reads_no_file_that_an_argument_names()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "--mode=Shadow s3cr3t");
        try
        {
            Should.Throw<OptionsException>(() => OperatorCommand.ReadFlags([$"@{path}"])).Message.ShouldNotContain("s3cr3t");
            OperatorCommand.ReadFlags(["--mode", $"@{path}"])["mode"].ShouldBe($"@{path}");
        }
        finally
        {
            File.Delete(path);
        }
    }
}
