using System.Net;
using System.Security.Authentication;

namespace Wayleave.Telemetry.Export;

/// <summary>Why a batch was not taken: words of a closed set and status numbers. Nothing that a collector wrote is among them.</summary>
internal static class SendReasons
{
    public const string Timeout = "timeout";

    public const string Redirect = "redirect";

    public const string Certificate = "certificate";

    public const string Dns = "dns";

    public const string Connection = "connection";

    public const string Answer = "answer";

    /// <summary>A 2xx status, but what came with it is no OTLP response: a proxy or another server answered.</summary>
    public const string NotOtlp = "not-otlp";

    public const string Proxy = "proxy";

    public const string ApiKey = "api-key";

    public const string CaFile = "ca-file";

    public static string Of(HttpStatusCode status) => (int)status is >= 300 and < 400 ? Redirect : $"HTTP {(int)status}";

    public static string Of(Exception exception) => exception switch
    {
        OperationCanceledException => Timeout,
        HttpRequestException { InnerException: AuthenticationException } => Certificate,
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => Certificate,
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => Dns,
        HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => Connection,
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => Proxy,
        HttpRequestException or IOException => Answer,
        _ => exception.GetType().Name,
    };
}
