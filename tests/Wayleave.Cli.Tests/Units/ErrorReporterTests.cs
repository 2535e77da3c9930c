using System.Net.Sockets;
using System.Security.Authentication;
using Wayleave.Cli.Access;

namespace Wayleave.Cli.Tests.Units;

public sealed class ErrorReporterTests
{
    [Fact]
    public void An_error_that_may_quote_a_credential_is_not_shown()
    {
        var error = new HttpRequestException("the credentials cannot be read", new FormatException("Bearer s3cr3t"));

        Print(error).ShouldBe((ExitCodes.Failure, "error: the credentials cannot be read\n"));
        Print(new HttpRequestException(HttpRequestError.ConnectionError, "refused", new IOException("s3cr3t"))).ShouldBe(
            (ExitCodes.Failure, "error: the API server cannot be reached: refused\n"));
    }

    [Fact]
    public void The_cause_of_a_failed_connection_is_shown()
    {
        var socket = new SocketException((int)SocketError.ConnectionRefused);
        Print(new HttpRequestException(HttpRequestError.ConnectionError, "see inner", socket)).Error.ShouldBe(
            $"error: the API server cannot be reached: {socket.Message}\n");
        Print(new HttpRequestException(HttpRequestError.SecureConnectionError, "see inner", new AuthenticationException("UntrustedRoot")))
            .Error.ShouldBe("error: the API server cannot be reached: UntrustedRoot\n");
    }

    [Fact]
    public void An_interrupt_has_an_exit_code_of_its_own() =>
        Print(new OperationCanceledException()).ShouldBe((ExitCodes.Interrupted, "error: interrupted\n"));

    private static (int Code, string Error) Print(Exception error)
    {
        using var output = new StringWriter { NewLine = "\n" };
        return (ErrorReporter.Print(error, output), output.ToString());
    }
}
