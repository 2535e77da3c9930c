using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Wayleave.Testing.Otlp.Proto;

namespace Wayleave.Testing.Otlp;

/// <summary>What the collector does with a request.</summary>
public sealed class OtlpAnswer
{
    private readonly Func<HttpContext, Task> _write;

    private OtlpAnswer(Func<HttpContext, Task> write, bool accepts = false)
    {
        _write = write;
        Accepts = accepts;
    }

    /// <summary>Accepts the records: status 200 with an empty <c>ExportLogsServiceResponse</c>.</summary>
    public static OtlpAnswer Accept { get; } = new(context => WriteAsync(context, new ExportLogsServiceResponse()), accepts: true);

    /// <summary>Does not answer until the client disconnects.</summary>
    public static OtlpAnswer Hang { get; } = new(context => Task.Delay(Timeout.Infinite, context.RequestAborted));

    /// <summary>Sends status 200 and part of a body, then aborts the connection.</summary>
    public static OtlpAnswer CloseMidBody { get; } = new(CutAsync);

    /// <summary>Closes the connection without sending a byte.</summary>
    public static OtlpAnswer Close { get; } = new(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Sends status 200 and an endless body, as fast as it is read.</summary>
    public static OtlpAnswer Endless { get; } = new(async context =>
    {
        var chunk = new byte[16 * 1024];
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        }
    });

    /// <summary>Sends any status with an endless HTML body.</summary>
    public static OtlpAnswer EndlessPage(int status) => new(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html";
        await Endless.WriteAsync(context);
    });

    /// <summary>Sends status 200 and 100 kB of headers.</summary>
    public static OtlpAnswer HugeHeaders { get; } = new(context =>
    {
        for (var index = 0; index < 100; index++)
        {
            context.Response.Headers[$"x-{index}"] = new string('x', 1000);
        }

        return Task.CompletedTask;
    });

    /// <summary>Sends status 200 and one byte every 20 ms, and never the whole body.</summary>
    public static OtlpAnswer Drip { get; } = new(async context =>
    {
        context.Response.ContentLength = 1000;
        while (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(new byte[1], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(20, context.RequestAborted);
        }
    });

    /// <summary>Accepts the records and closes the connection without an answer, so the sender has to send them again.</summary>
    public static OtlpAnswer AcceptAndClose { get; } = new(
        context =>
        {
            context.Abort();
            return Task.CompletedTask;
        },
        accepts: true);

    internal bool Accepts { get; }

    /// <summary>Accepts the records when <paramref name="go"/> is complete.</summary>
    public static OtlpAnswer AcceptAfter(Task go) => new(
        async context =>
        {
            await go.WaitAsync(context.RequestAborted);
            await WriteAsync(context, new ExportLogsServiceResponse());
        },
        accepts: true);

    /// <summary>Sends a status, with a <c>Retry-After</c> in whole seconds if one is given.</summary>
    public static OtlpAnswer Status(int status, TimeSpan? retryAfter = null) => new(context =>
    {
        context.Response.StatusCode = status;
        if (retryAfter is { } delay)
        {
            context.Response.Headers.RetryAfter = ((long)delay.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        return Task.CompletedTask;
    });

    /// <summary>Sends any answer, which need not be a valid OTLP response.</summary>
    /// <param name="status">A success status.</param>
    /// <param name="contentType">Null for none.</param>
    /// <param name="body">The raw body.</param>
    public static OtlpAnswer Answer(int status, string? contentType, byte[] body) => new(async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        if (body.Length > 0)
        {
            await context.Response.Body.WriteAsync(body, context.RequestAborted);
        }
    });

    /// <summary>Accepts the batch, and reports that some of its records are dropped.</summary>
    public static OtlpAnswer PartialSuccess(long rejected) => new(
        context => WriteAsync(context, new ExportLogsServiceResponse
        {
            PartialSuccess = new ExportLogsPartialSuccess { RejectedLogRecords = rejected, ErrorMessage = "some text" },
        }),
        accepts: true);

    /// <summary>Redirects to another address with status 307.</summary>
    public static OtlpAnswer Redirect(Uri location) => new(context =>
    {
        context.Response.StatusCode = StatusCodes.Status307TemporaryRedirect;
        context.Response.Headers.Location = location.AbsoluteUri;
        return Task.CompletedTask;
    });

    internal Task WriteAsync(HttpContext context) => _write(context);

    private static async Task WriteAsync(HttpContext context, ExportLogsServiceResponse response)
    {
        context.Response.ContentType = "application/x-protobuf";
        await context.Response.Body.WriteAsync(response.ToByteArray(), context.RequestAborted);
    }

    private static async Task CutAsync(HttpContext context)
    {
        context.Response.ContentLength = 100;
        await context.Response.Body.WriteAsync(new byte[10], context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        context.Abort();
    }
}
