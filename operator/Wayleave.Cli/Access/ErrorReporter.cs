using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using k8s;
using k8s.Exceptions;
using Wayleave.Cli.Output;
using Wayleave.Kubernetes.Client;

namespace Wayleave.Cli.Access;

/// <summary>Prints errors as kubectl does.</summary>
internal static class ErrorReporter
{
    /// <summary>Whether an error is expected to be printed. Others are defects.</summary>
    public static bool IsExpected(Exception error) =>
        error is CliException or ForbiddenException or KubernetesException or KubeConfigException or HttpRequestException
            or TimeoutException or IOException or UnauthorizedAccessException or JsonException or InvalidDataException
            or LimitExceededException or OperationCanceledException;

    /// <returns>The exit code.</returns>
    public static int Print(Exception error, TextWriter output)
    {
        foreach (var line in Lines(error))
        {
            output.WriteLine(TerminalText.Clean(line));
        }

        return error switch
        {
            CliException known => known.ExitCode,
            OperationCanceledException => ExitCodes.Interrupted,
            _ => ExitCodes.Failure,
        };
    }

    private static IEnumerable<string> Lines(Exception error) => error switch
    {
        ForbiddenException refused => refused.Errors.Select(FromServer),
        KubernetesException refused => [FromServer(refused)],
        HttpRequestException { HttpRequestError: HttpRequestError.Unknown } => [$"error: {error.Message}"],
        HttpRequestException unreachable => [$"error: the API server cannot be reached: {Describe(unreachable)}"],
        TimeoutException => [$"error: {error.Message}"],
        OperationCanceledException => ["error: interrupted"],
        JsonException or InvalidDataException => [$"error: cannot read the response of the API server: {error.Message}"],
        _ => [$"error: {error.Message}"],
    };

    // The API server's message names the user, the verb and the resource.
    private static string FromServer(KubernetesException error) =>
        $"Error from server ({error.Status?.Reason ?? error.StatusCode.ToString()}): {error.Status?.Message ?? error.Message}";

    // The messages of other inner exceptions may quote credentials.
    private static string Describe(HttpRequestException error) => error.InnerException is SocketException or AuthenticationException
        ? error.InnerException.Message
        : error.Message;
}

/// <summary>Requests that the API server forbids. The command needs all of them.</summary>
internal sealed class ForbiddenException(IReadOnlyList<KubernetesException> errors) : Exception("forbidden")
{
    public IReadOnlyList<KubernetesException> Errors => errors;
}
