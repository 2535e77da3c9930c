using System.CommandLine;
using Wayleave.Cli.Access;
using Wayleave.Cli.Output;
using Wayleave.Cli.Telemetry;

namespace Wayleave.Cli.Commands;

/// <summary>
/// The options that several commands have, named as those of kubectl, and the commands themselves. One instance for each command tree.
/// </summary>
internal sealed class CommonOptions(CliEnvironment environment)
{
    public Option<string?> Kubeconfig { get; } = new("--kubeconfig")
    {
        Description = "Path of the kubeconfig. Defaults to the files of KUBECONFIG, then ~/.kube/config, then the Pod's service account.",
        HelpName = "FILE",
        Recursive = true,
    };

    public Option<string?> Context { get; } = new("--context")
    {
        Description = "Context of the kubeconfig. Defaults to its current context.",
        HelpName = "NAME",
        Recursive = true,
    };

    public Option<string?> Namespace { get; } = new("--namespace", "-n")
    {
        Description = "Namespace to use. Defaults to the context's namespace, then to \"default\".",
        HelpName = "NAME",
        Recursive = true,
    };

    public Option<string?> TelemetryEnabled { get; } = new($"--{TelemetrySwitch.Flag}")
    {
        Description = "Whether to count this run for telemetry. Defaults to WAYLEAVE_TELEMETRY_ENABLED, then true.",
        HelpName = "true|false",
        Recursive = true,
    };

    public Option<bool> AllNamespaces { get; } = new("--all-namespaces", "-A") { Description = "Use all namespaces instead of one." };

    public Option<string?> Selector { get; } = Create<string?>(
        "--selector", "LABELS", "Only objects with these labels, for example app=cart,tier!=test.", "-l");

    public Option<bool> NoHeaders { get; } = new("--no-headers") { Description = "Do not print column headers." };

    public Option<string?> OperatorNamespace { get; } = Create<string?>(
        "--operator-namespace", "NAME", "Namespace of the operator. Set it if several operators are installed, or if the Deployment lacks the chart's labels.");

    public Option<string[]> Files { get; } = new("--filename", "-f")
    {
        Description = "Files or folders with YAML or JSON; - reads the standard input. Can be repeated.",
        HelpName = "FILE",
        Required = true,
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>Creates a command that prints its errors.</summary>
    /// <param name="symbols">Its arguments and options, in the order of the help.</param>
    /// <param name="run">Returns the exit code.</param>
    /// <param name="mayWrite">Whether it changes the cluster.</param>
    public Command CreateCommand(
        string name, string description, IEnumerable<Symbol> symbols, Func<CommandRun, CancellationToken, Task<int>> run,
        bool mayWrite = false)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Add(argument);
            }
            else
            {
                command.Add((Option)symbol);
            }
        }

        command.SetAction(async (parsed, token) =>
        {
            using var started = new CommandRun(environment, this, parsed, mayWrite);
            try
            {
                return await run(started, token);
            }
            catch (Exception error) when (ErrorReporter.IsExpected(error))
            {
                return ErrorReporter.Print(error, environment.Error);
            }
        });
        return command;
    }

    /// <summary>Creates an option with a value.</summary>
    /// <param name="placeholder">For the help.</param>
    public static Option<T> Create<T>(string name, string placeholder, string description, params string[] aliases) =>
        new(name, aliases) { HelpName = placeholder, Description = description };

    /// <summary>Lets an option have only some values, which its help and its completion list.</summary>
    public static Option<T> Restrict<T>(Option<T> option, params string[] values)
    {
        option.HelpName = string.Join('|', values);
        option.AcceptOnlyFromAmong(values);
        return option;
    }

    /// <summary>The <c>-o</c> of a command.</summary>
    /// <param name="formats">What it accepts. The first is the default.</param>
    public static Option<string> Output(params string[] formats) => Restrict(
        new Option<string>("--output", "-o")
        {
            Description = $"Format of the output: {string.Join(", ", formats)}.",
            DefaultValueFactory = _ => formats[0],
        },
        formats);

    /// <summary>All formats.</summary>
    public static Option<string> OutputOfObjects() =>
        Output(OutputFormat.Table, OutputFormat.Wide, OutputFormat.Json, OutputFormat.Yaml, OutputFormat.Name);

    /// <summary>The formats of a report, which is no object.</summary>
    public static Option<string> OutputOfReport() => Output(OutputFormat.Table, OutputFormat.Json, OutputFormat.Yaml);
}
