using System.CommandLine;
using System.Text.RegularExpressions;
using Wayleave.Operator.Configuration;
using Wayleave.Testing;

namespace Wayleave.Operator.Tests.Configuration;

/// <summary>Compares docs/flags.md with the help.</summary>
public sealed partial class FlagsPageTests
{
    [Fact]
    public void Every_flag_variable_and_command_of_the_help_is_on_the_page()
    {
        using var help = new StringWriter();
        OperatorCommand.Create(static (_, _) => Task.FromResult(0)).Parse(["--help"]).Invoke(new InvocationConfiguration { Output = help });
        var page = File.ReadAllText(Checkout.PathOf("docs", "flags.md"));

        var flags = Flag().Matches(help.ToString()).Select(match => match.Value).Distinct().ToList();
        flags.Count.ShouldBeGreaterThanOrEqualTo(Flags.All.Length);
        flags.ShouldAllBe(flag => page.Contains($"`{flag}`", StringComparison.Ordinal));
        Flags.All.Concat(Flags.InEnvironment).ShouldAllBe(setting => page.Contains($"`{setting.Variable}`", StringComparison.Ordinal));
        help.ToString().ShouldContain("probe");
        page.ShouldContain("`wayleave-operator probe URL`");
    }

    [Fact]
    public void Every_setting_without_a_flag_has_a_description() =>
        Flags.InEnvironment.ShouldAllBe(setting => setting.Description.EndsWith('.'));

    [GeneratedRegex("(?<=^ *(-[a-z?], )*)--[a-z]+(-[a-z]+)*", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Flag();
}
