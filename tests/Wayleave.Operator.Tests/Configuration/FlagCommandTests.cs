using Wayleave.Hosting;
using Wayleave.Operator.Configuration;
using Wayleave.Settings;

namespace Wayleave.Operator.Tests.Configuration;

public sealed class FlagCommandTests
{
    [Fact]
    public void Reads_the_flags_that_are_given_and_runs_nothing()
    {
        Read(["--mode=Shadow", "--egress", "--namespace", "wayleave-system"]).ShouldBe(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["mode"] = "Shadow",
                ["egress"] = "true",
                ["namespace"] = "wayleave-system",
            },
            ignoreOrder: true);
        Read([]).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("probe", "http://127.0.0.1:9/")]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("--unknown")]
    public void Rejects_what_is_not_a_flag(params string[] arguments) =>
        Should.Throw<OptionsException>(() => Read(arguments));

    [Fact]
    public void Reads_no_file_that_an_argument_names()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "--mode=Shadow s3cr3t");
        try
        {
            Should.Throw<OptionsException>(() => Read([$"@{path}"])).Message.ShouldNotContain("s3cr3t");
            Read(["--mode", $"@{path}"])["mode"].ShouldBe($"@{path}");
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static IReadOnlyDictionary<string, string> Read(IReadOnlyList<string> arguments) => FlagCommand.ReadFlags(arguments, Flags.All);
}
