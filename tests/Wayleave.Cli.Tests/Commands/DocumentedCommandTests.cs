using System.Text.RegularExpressions;
using Wayleave.Cli.Commands;

namespace Wayleave.Cli.Tests.Commands;

/// <summary>The command lines that the pages for users show.</summary>
public sealed partial class DocumentedCommandTests
{
    public static TheoryData<string> CommandLines() => new(
        Directory.EnumerateFiles(Testing.Checkout.PathOf("docs"), "*.md")
            .SelectMany(page => Shown().Matches(File.ReadAllText(page)).Select(line => line.Groups["arguments"].Value.Trim()))
            .Distinct(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(CommandLines))]
    public void Every_command_line_in_the_pages_is_valid(string arguments)
    {
        var root = CliCommand.Create(
            new CliEnvironment { Output = TextWriter.Null, Error = TextWriter.Null, Connect = (_, _) => throw new InvalidOperationException("it is only parsed") });

        root.Parse(arguments, CliCommand.Parsing).Errors.Select(error => error.Message).ShouldBeEmpty();
    }

    // Up to a comment, a pipe or a redirection.
    [GeneratedRegex(@"^ *\$ kubectl wayleave (?<arguments>[^#|>\n]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Shown();
}
