using Wayleave.Cli.Tests.Support;

namespace Wayleave.Cli.Tests.Commands;

public sealed class CompletionTests : CliTest
{
    [Fact]
    public async Task Completes_commands_in_the_protocol_of_kubectl() =>
        (await RunAsync("__complete", "")).Output.Split('\n').Select(line => line.Split('\t')[0]).ShouldBe(
            ["intents", "map", "policies", "clusters", "events", "support", "telemetry", "version", "completion", ":4", ""]);

    [Theory]
    [InlineData(new[] { "intents", "" }, new[] { "list", "get", "validate", "explain", "can", "preview" })]
    [InlineData(new[] { "intents", "e" }, new[] { "explain" })]
    [InlineData(new[] { "intents", "list", "-o", "" }, new[] { "table", "wide", "json", "yaml", "name" })]
    [InlineData(new[] { "intents", "list", "-o", "y" }, new[] { "yaml" })]
    [InlineData(new[] { "intents", "list", "--output=y" }, new[] { "yaml" })]
    [InlineData(new[] { "intents", "list", "-o=" }, new[] { "table", "wide", "json", "yaml", "name" })]
    [InlineData(new[] { "intents", "list", "--output", "yaml", "--no" }, new[] { "--no-headers" })]
    [InlineData(new[] { "-n", "shop", "intents", "l" }, new[] { "list" })]
    [InlineData(new[] { "intents", "list", "--no" }, new[] { "--no-headers" })]
    [InlineData(new[] { "intents", "list", "--con" }, new[] { "--context" })]
    public async Task Completes_words_and_values(string[] words, string[] completions)
    {
        var lines = (await RunAsync(["__complete", .. words])).Output.TrimEnd('\n').Split('\n');

        lines[..^1].Select(line => line.Split('\t')[0]).ShouldBe(completions);
        lines[^1].ShouldBe(":4");
    }

    [Fact]
    public async Task Completes_after_a_word_that_starts_with_an_at_sign() =>
        (await RunAsync("__complete", "intents", "validate", "-f", "@/etc/hostname", "--o")).Output.ShouldBe(
            "--output\tFormat of the output: table, json, yaml\n:4\n");

    [Fact]
    public async Task Leaves_file_names_to_the_shell() =>
        (await RunAsync("__complete", "intents", "validate", "-f", "")).Output.ShouldBe(":0\n");

    [Theory]
    [InlineData("bash", "complete -F __wayleave_complete wayleave kubectl-wayleave")]
    [InlineData("zsh", "#compdef wayleave kubectl-wayleave")]
    [InlineData("kubectl", "exec kubectl-wayleave __complete \"$@\"")]
    public async Task Prints_the_scripts(string shell, string line) =>
        (await RunAsync("completion", shell)).Output.Split('\n').ShouldContain(line);
}
