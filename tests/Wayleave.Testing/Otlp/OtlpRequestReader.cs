using System.IO.Compression;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Wayleave.Testing.Otlp.Proto;

namespace Wayleave.Testing.Otlp;

/// <summary>Reads a request from the connection.</summary>
internal static class OtlpRequestReader
{
    public static async Task<OtlpRequest> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var isTraces = request.Path.Value?.EndsWith("/traces", StringComparison.Ordinal) == true;
        var wire = await ReadAsync(request.Body, cancellationToken);
        var body = request.Headers.ContentEncoding == "gzip" ? await UnzipAsync(wire, cancellationToken) : wire;
        return new OtlpRequest
        {
            Method = request.Method,
            Target = request.Path + request.QueryString.Value,
            Headers = request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            Wire = wire,
            Body = body,
            Records = isTraces ? [] : Decode(() => OtlpRecord.ReadAll(ExportLogsServiceRequest.Parser.ParseFrom(body))),
            Spans = isTraces ? Decode(() => OtlpSpan.ReadAll(ExportTraceServiceRequest.Parser.ParseFrom(body))) : [],
        };
    }

    private static async Task<byte[]> UnzipAsync(byte[] wire, CancellationToken cancellationToken)
    {
        await using var zipped = new GZipStream(new MemoryStream(wire), CompressionMode.Decompress);
        return await ReadAsync(zipped, cancellationToken);
    }

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, cancellationToken);
        return bytes.ToArray();
    }

    private static IReadOnlyList<T> Decode<T>(Func<IReadOnlyList<T>> read)
    {
        try
        {
            return read();
        }
        catch (InvalidProtocolBufferException)
        {
            // The request is kept without records and spans, so that the test can assert on it.
            return [];
        }
    }
}
