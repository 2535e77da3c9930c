using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Wayleave.Hosting;

/// <summary>The host of a program: its ports, its log and its version.</summary>
public static class ProgramHost
{
    private static readonly TimeSpan _stopTime = TimeSpan.FromSeconds(10);

    /// <summary>A host that listens on ports and logs JSON. The program adds its services.</summary>
    /// <param name="level">The lowest level that is logged.</param>
    /// <param name="logsTraceIds">Whether a line has the ID of the trace that it was logged in.</param>
    public static WebApplicationBuilder CreateBuilder(ListeningPortSet ports, LogLevel level, bool logsTraceIds = false)
    {
        // Empty, so that no configuration file or environment variable of the framework applies.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(ports.Listen);
        if (ports.AnySecure)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }

        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = _stopTime);
        AddLogging(builder.Logging, level, logsTraceIds);
        return builder;
    }

    public static string GetVersion(Assembly program) =>
        program.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    private static void AddLogging(ILoggingBuilder logging, LogLevel level, bool logsTraceIds)
    {
        logging.SetMinimumLevel(level).AddFilter("Microsoft", LogLevel.Warning);
        if (logsTraceIds)
        {
            logging.Configure(factory => factory.ActivityTrackingOptions = ActivityTrackingOptions.TraceId);
        }

        logging.AddJsonConsole(json =>
        {
            json.UseUtcTimestamp = true;
            json.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
            json.IncludeScopes = logsTraceIds;

            // Not for a web page: quotes may stay readable, control characters are still escaped.
            json.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
    }
}
