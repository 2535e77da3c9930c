using System.CommandLine;
using System.CommandLine.Completions;

namespace Wayleave.Cli.Commands;

/// <summary>
/// Answers completion scripts in the protocol of cobra, which kubectl speaks with its plugins: one word on a line, with a tab before its
/// description, and a last line with a directive.
/// </summary>
internal static class CompletionRequest
{
    /// <summary>The first argument of a request. The words of the command line follow; the last is the one to complete.</summary>
    public const string Command = "__complete";

    private const string NoFiles = ":4";
    private const string Files = ":0";

    public static void Answer(RootCommand root, string[] words, TextWriter output)
    {
        List<string> before = [.. words.SkipLast(1)];
        var current = words.LastOrDefault("");
        if (current.StartsWith('-') && current.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
        {
            // As cobra does, the answer is the value alone.
            before.Add(current[..equals]);
            current = current[(equals + 1)..];
        }

        var parsed = root.Parse(before, CliCommand.Parsing);
        var command = parsed.CommandResult.Command;
        var option = OptionBefore(command, before);
        foreach (var (word, description) in option is not null ? Values(option) : Words(command, current))
        {
            if (word.StartsWith(current, StringComparison.Ordinal))
            {
                output.Write(description.Length == 0 ? $"{word}\n" : $"{word}\t{description}\n");
            }
        }

        output.Write($"{(option?.HelpName == "FILE" ? Files : NoFiles)}\n");
    }

    // An option that still needs its value.
    private static Option? OptionBefore(Command command, List<string> words)
    {
        var last = words.LastOrDefault("");
        var option = Options(command).FirstOrDefault(one => one.Name == last || one.Aliases.Contains(last));
        return option is null || option.ValueType == typeof(bool) ? null : option;
    }

    private static IEnumerable<(string Word, string Description)> Values(Option option) =>
        option.HelpName?.Contains('|', StringComparison.Ordinal) == true
            ? option.HelpName.Split('|').Select(value => (value, ""))
            : option.GetCompletions(CompletionContext.Empty).Select(item => (item.Label, Brief(item.Documentation)));

    private static IEnumerable<(string Word, string Description)> Words(Command command, string current) =>
        current.StartsWith('-')
            ? Options(command).Select(option => (option.Name, Brief(option.Description)))
            : command.Subcommands.Select(sub => (sub.Name, Brief(sub.Description)));

    // Those of the command and those that it inherits.
    private static IEnumerable<Option> Options(Command command)
    {
        var own = command.Options.Where(option => !option.Hidden);
        var inherited = command.Parents.OfType<Command>().SelectMany(Options).Where(option => option.Recursive);
        return own.Concat(inherited).DistinctBy(option => option.Name).OrderBy(option => option.Name, StringComparer.Ordinal);
    }

    private static string Brief(string? description)
    {
        var end = description?.IndexOf('.', StringComparison.Ordinal) ?? -1;
        return end < 0 ? description ?? "" : description![..end];
    }
}
