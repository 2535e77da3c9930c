using System.CommandLine;

namespace Wayleave.Sensor.Configuration;

internal static class ExitCodes
{
    /// <summary>The sensor stopped in an orderly way.</summary>
    public const int Success = 0;

    /// <summary>Packets cannot be captured, or the sensor failed.</summary>
    public const int Failure = 1;

    /// <summary>The command line cannot be parsed, or a value cannot be used.</summary>
    public const int InvalidConfiguration = 2;
}

internal static class SensorCommand
{
    /// <summary>
    /// Runs <paramref name="run"/> with the options; or prints the help, the version or, to <paramref name="error"/>, what is wrong.
    /// </summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="getVariable">Reads an environment variable.</param>
    /// <param name="run">Returns the exit code.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> InvokeAsync(
        string[] arguments,
        Func<string, string?> getVariable,
        TextWriter error,
        Func<SensorOptions, CancellationToken, Task<int>> run,
        CancellationToken cancellationToken)
    {
        var command = new RootCommand("Observes the calls of the Pods on a node, and reports them to the network mapper.");
        var options = SensorFlag.All.ToDictionary(flag => flag, CreateOption);
        foreach (var option in options.Values)
        {
            command.Add(option);
        }

        command.SetAction((parsed, token) => run(
            new SensorOptions(flag => parsed.GetValue(options[flag]) ?? getVariable(flag.Variable) ?? flag.Default), token));
        var parsed = command.Parse(arguments);
        try
        {
            if (parsed.Errors.Count > 0)
            {
                await error.WriteLineAsync($"wayleave-sensor: {parsed.Errors[0].Message}; see wayleave-sensor --help");
                return ExitCodes.InvalidConfiguration;
            }

            // The sensor itself handles SIGTERM, because it sends a last report.
            var invocation = new InvocationConfiguration { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };
            return await parsed.InvokeAsync(invocation, cancellationToken);
        }
        catch (OptionsException exception)
        {
            await error.WriteLineAsync($"wayleave-sensor: {exception.Message}");
            return ExitCodes.InvalidConfiguration;
        }
    }

    private static Option<string?> CreateOption(SensorFlag flag) => new(flag.Option)
    {
        Description = $"{flag.Help}{(flag.Default.Length > 0 ? $" Defaults to {flag.Default}." : "")} [{flag.Variable}]",
        HelpName = flag.Placeholder,
        Arity = ArgumentArity.ExactlyOne,
    };
}
