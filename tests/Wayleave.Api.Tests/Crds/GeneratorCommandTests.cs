using Wayleave.Generator;
using Wayleave.Generator.Crds;

namespace Wayleave.Api.Tests.Crds;

public sealed class GeneratorCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("wayleave-generator-").FullName;
    private readonly StringWriter _output = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void Writes_the_files_to_every_folder_and_passes_a_check_afterwards()
    {
        Run("crds", Sub("a"), Sub("b")).ShouldBe(0);

        Directory.GetFiles(Sub("a")).Length.ShouldBe(CrdFolder.Generate().Files.Count);
        Directory.GetFiles(Sub("b")).Length.ShouldBe(CrdFolder.Generate().Files.Count);
        Run("crds", Sub("a"), Sub("b"), "--check").ShouldBe(0);
        _error.ToString().ShouldBeEmpty();
    }

    [Fact]
    public void A_check_reports_changed_missing_and_stale_files_and_changes_nothing()
    {
        Run("crds", _folder);
        File.AppendAllText(Sub("wayleave.dev_clientintents.yaml"), "# edited\n");
        File.Delete(Sub("wayleave.dev_protectedservices.yaml"));
        File.WriteAllText(Sub("wayleave.dev_old.yaml"), "");
        File.WriteAllText(Sub("another.yaml"), "");

        Run("crds", _folder, "--check").ShouldBe(1);

        _error.ToString().ShouldContain("wayleave.dev_clientintents.yaml is out of date");
        _error.ToString().ShouldContain("wayleave.dev_protectedservices.yaml is out of date");
        _error.ToString().ShouldContain("wayleave.dev_old.yaml is out of date");
        _error.ToString().ShouldNotContain("another");
        File.Exists(Sub("wayleave.dev_old.yaml")).ShouldBeTrue();
        Run("crds", _folder).ShouldBe(0);
        Directory.GetFiles(_folder).Select(Path.GetFileName).ShouldBe([.. CrdFolder.Generate().Files.Keys, "another.yaml"], ignoreOrder: true);
    }

    [Theory]
    [InlineData]
    [InlineData("crds")]
    [InlineData("crds", "--check")]
    [InlineData("cards", "folder")]
    [InlineData("crds", "--chekc", "folder")]
    public void Rejects_invalid_arguments_and_prints_the_usage(params string[] args)
    {
        Run(args).ShouldBe(2);

        _error.ToString().ShouldStartWith("usage: ");
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    private int Run(params string[] args) => GeneratorCommand.Run(args, _output, _error);

    private string Sub(string name) => Path.Combine(_folder, name);
}
